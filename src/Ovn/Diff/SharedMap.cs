using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>A map column that is ours only in part.</summary>
internal static class SharedMap
{
    /// <summary>
    /// Adds the mutations that lead from <paramref name="current"/> to <paramref name="wanted"/> and leave other people's keys alone.
    /// </summary>
    public static void Difference(SharedMapColumn column, StringMap wanted, Value current, List<Mutation> mutations)
    {
        List<Atom>? removed = null;
        List<KeyValuePair<string, string>>? added = null;
        for (var i = 0; i < current.Count; i++)
        {
            var key = current.Keys[i].AsString;
            if (wanted[key] is { } value
                ? !string.Equals(value, current.MapValues[i].AsString, StringComparison.Ordinal)
                : column.IsOurs(key))
            {
                (removed ??= []).Add(current.Keys[i]);
            }
        }
        foreach (var pair in wanted)
        {
            if (!string.Equals(pair.Value, current.Get(pair.Key), StringComparison.Ordinal))
                (added ??= []).Add(pair);
        }

        // An insertion leaves a key alone that is there: RFC 7047 section 5.1, <mutation>. So the old value goes first.
        if (removed is not null)
            mutations.Add(new(column.Name, Mutator.Delete, Value.Set(removed)));
        if (added is not null)
            mutations.Add(new(column.Name, Mutator.Insert, Value.Map(added)));
    }

    /// <summary><paramref name="wanted"/>, and of <paramref name="current"/> what belongs to others.</summary>
    public static Value Merge(SharedMapColumn column, StringMap wanted, Value current)
    {
        var merged = new List<KeyValuePair<string, string>>(wanted);
        for (var i = 0; i < current.Count; i++)
        {
            var key = current.Keys[i].AsString;
            if (!column.IsOurs(key) && !wanted.ContainsKey(key))
                merged.Add(new(key, current.MapValues[i].AsString));
        }
        return Value.Map(merged);
    }
}
