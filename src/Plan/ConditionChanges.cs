using Sluice.Api;

namespace Sluice.Plan;

/// <summary>Lists of conditions with changes that leave those of others as they are.</summary>
public static class ConditionChanges
{
    /// <summary>The list with one condition set.</summary>
    /// <param name="generation">The generation of the spec that the condition speaks of.</param>
    public static ValueList<Condition> With(
        this ValueList<Condition>? conditions, string type, bool holds, string reason, string? message, long? generation) =>
        conditions.Set(new Condition
        {
            Type = type,
            Status = holds ? ConditionStatus.True : ConditionStatus.False,
            Reason = reason,
            Message = message,
            ObservedGeneration = generation,
        });

    /// <summary>The list without the condition of a type.</summary>
    public static ValueList<Condition> Without(this ValueList<Condition>? conditions, string type) =>
        (conditions ?? []).Any(condition => condition.Type == type)
            ? conditions!.Where(condition => condition.Type != type).ToValueList()
            : conditions ?? [];
}
