namespace Sluice.Plan.Vpcs;

/// <summary>What becomes of the spec of a rule that a user wrote while another one is in force, see docs/design/0012.</summary>
/// <param name="Refusal">Why it does not come into force; null when it does.</param>
internal sealed record RuleEdit(Refusal? Refusal)
{
    /// <summary>What the rule says.</summary>
    /// <param name="unserved">Why the spec in force is not served; null when it is.</param>
    public Refusal Told(Refusal? unserved) => unserved is null
        ? Refusal! with { Message = $"{Refusal.Message}; the last valid spec stays in force" }
        : Refusal! with { Message = $"{Refusal.Message}; the last valid spec stays in force, which is not served: {unserved.Message}" };
}
