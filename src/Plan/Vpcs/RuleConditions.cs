using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>The conditions of a rule.</summary>
internal static class RuleConditions
{
    /// <param name="refusal">Why the rule is not ready; null when it is.</param>
    /// <param name="programmed">Whether its rows are in the northbound database.</param>
    /// <param name="realized">How far the data plane is; null when nobody is told of that.</param>
    public static ValueList<Condition> Of(Refusal? refusal, bool programmed, Placement? placement, Condition? realized, long generation)
    {
        var ready = new Condition
        {
            Type = ConditionTypes.Ready,
            Status = refusal is null ? ConditionStatus.True : ConditionStatus.False,
            Reason = refusal?.Reason ?? Reasons.Programmed,
            Message = refusal?.Message,
            ObservedGeneration = generation,
        };
        var rows = new Condition
        {
            Type = ConditionTypes.Programmed,
            Status = programmed ? ConditionStatus.True : ConditionStatus.False,
            Reason = programmed ? Reasons.Programmed : refusal?.Reason ?? Reasons.NotProgrammed,
            ObservedGeneration = generation,
        };
        return new[] { ready, rows, realized, placement?.ToCondition(generation) }.OfType<Condition>().ToValueList();
    }
}
