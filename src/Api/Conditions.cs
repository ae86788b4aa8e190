namespace Sluice.Api;

/// <summary>Pure functions on lists of conditions. A condition is identified by its type and, where it has one, its node.</summary>
public static class Conditions
{
    public static Condition? Find(this ValueList<Condition>? conditions, string type, string? node = null)
    {
        if (conditions is null) return null;
        foreach (var condition in conditions.AsSpan())
        {
            if (condition.Type == type && condition.Node == node) return condition;
        }
        return null;
    }

    public static bool IsTrue(this ValueList<Condition>? conditions, string type, string? node = null) =>
        conditions.Find(type, node)?.Status == ConditionStatus.True;

    /// <summary>The list with <paramref name="condition"/> in place of the one of its type, or appended.</summary>
    public static ValueList<Condition> Set(this ValueList<Condition>? conditions, Condition condition)
    {
        var list = new List<Condition>(conditions ?? []);
        var index = list.FindIndex(c => c.Type == condition.Type && c.Node == condition.Node);
        if (index < 0) list.Add(condition);
        else list[index] = condition;
        return list.ToValueList();
    }

    /// <summary>
    /// Completes what a plan wants with times: an unchanged condition keeps both of its times, a reworded one keeps
    /// <see cref="Condition.LastTransitionTime"/>, and one whose status is new or different gets <paramref name="now"/> for both.
    /// </summary>
    public static ValueList<Condition>? Stamp(ValueList<Condition>? desired, ValueList<Condition>? observed, DateTimeOffset now)
    {
        if (desired is null) return null;
        now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var stamped = new Condition[desired.Count];
        for (var i = 0; i < stamped.Length; i++)
        {
            var condition = desired[i];
            var before = observed.Find(condition.Type, condition.Node);
            stamped[i] = condition with
            {
                LastUpdateTime = condition.Equals(before) ? before.LastUpdateTime ?? now : now,
                LastTransitionTime = condition.Status == before?.Status ? before.LastTransitionTime ?? now : now,
            };
        }
        return ValueList.Create<Condition>(stamped);
    }
}
