using Sluice.Api;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Admission;

/// <summary>
/// Whether a rule may be as it is asked to be. What it refers to may not exist yet, and that another rule has the port or the address is
/// no objection: that one may go.
/// </summary>
public static class RuleReview
{
    /// <param name="old">What it replaces; null for a new one.</param>
    public static Objection? Check(OvnFip? old, in RuleInput<OvnFip> input, VpcSettings settings) =>
        (old is null ? null : DefinitionRules.CheckChange(old, input.Rule)) ?? Invalid(RulePlans.Fip.CheckSpec(input, settings));

    /// <param name="old">What it replaces; null for a new one.</param>
    public static Objection? Check(OvnSnatRule? old, in RuleInput<OvnSnatRule> input, VpcSettings settings) =>
        (old is null ? null : DefinitionRules.CheckChange(old, input.Rule)) ?? Invalid(RulePlans.Snat.CheckSpec(input, settings));

    /// <param name="old">What it replaces; null for a new one.</param>
    public static Objection? Check(OvnDnatRule? old, in RuleInput<OvnDnatRule> input, VpcSettings settings) =>
        (old is null ? null : DefinitionRules.CheckChange(old, input.Rule)) ?? Invalid(RulePlans.Dnat.CheckSpec(input, settings));

    private static Objection? Invalid(Refusal? refusal) => refusal is null ? null : Objection.Invalid(refusal.Message);
}
