using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>What a change of the northbound database means to plans.</summary>
internal static class NorthboundDelta
{
    /// <summary>Who may have to repair something: the owners of rows that came, went, changed, or joined or left a set.</summary>
    public static IReadOnlySet<OwnerKey> Owners(ReplicaDelta delta, SchemaBinding binding)
    {
        var owners = new HashSet<OwnerKey>();
        foreach (var change in delta.Changes)
        {
            Add(owners, change.Old);
            Add(owners, change.New);
            if (change is { Old: { } old, New: { } current })
            {
                foreach (var set in binding[change.Table].Sets)
                {
                    // A member of a set that keeps it alive comes or goes itself.
                    if (set is { Exists: true, Model.Weak: true } && old.Find(set.Name) is { } before)
                        AddMembers(owners, delta, set.Model.ChildTable, before, set.In(current));
                }
            }
        }
        return owners;
    }

    /// <summary>The rows that came, went or changed their name and that other plans may wait for, under all their names.</summary>
    public static IReadOnlySet<RowRef> Targets(ReplicaDelta delta, SchemaBinding binding)
    {
        var targets = new HashSet<RowRef>();
        foreach (var change in delta.Changes)
        {
            var table = binding[change.Table];
            if (!binding.IsTarget(table))
                continue;
            if (change is { Old: { } old, New: { } current } && Names(table, old).SequenceEqual(Names(table, current)))
                continue;
            foreach (var row in (Row?[])[change.Old, change.New])
                targets.UnionWith(row is null ? [] : Names(table, row));
        }
        return targets;
    }

    private static IEnumerable<RowRef> Names(BoundTable table, Row row)
    {
        if (row.Find("external_ids") is { } ids && OwnerIds.OwnerOf(ids) is { } owner && ids.Get(OwnerIds.Row) is { } name)
            yield return RowRef.To(new(owner, name));
        if (table.Model.Key is { Columns.Length: 1 })
            yield return RowRef.Named(table.Name, KeyText.Of(table.Model, row)!);
    }

    private static void AddMembers(HashSet<OwnerKey> owners, ReplicaDelta delta, string table, Value before, Value after)
    {
        if (ReferenceEquals(before, after))
            return;
        foreach (var member in before.Keys)
        {
            if (!after.Contains(member))
                Add(owners, delta.Before[table].Find(member.AsGuid));
        }
        foreach (var member in after.Keys)
        {
            if (!before.Contains(member))
                Add(owners, delta.After[table].Find(member.AsGuid));
        }
    }

    private static void Add(HashSet<OwnerKey> owners, Row? row)
    {
        if (row?.Find("external_ids") is { } ids && OwnerIds.OwnerOf(ids) is { } owner)
            owners.Add(owner);
    }
}
