using Sluice.Ovn.Diff;

namespace Sluice.Ovn;

/// <summary>Compares the rows that an owner should have with those that it has.</summary>
public static class RowDiff
{
    /// <summary>
    /// What has to change so that <paramref name="owner"/> has exactly the <paramref name="desired"/> rows. Pure: it reads the snapshot and
    /// returns operations. Rows of others, and their memberships in sets that we share with them, are never changed.
    /// </summary>
    /// <param name="desired">Every row of the owner, in any order; none to remove what is there.</param>
    /// <exception cref="ArgumentException">A row belongs to another owner, or two rows have the same name: the plan is wrong.</exception>
    public static Changes Between(OwnerKey owner, IReadOnlyList<DesiredRow> desired, NorthboundSnapshot nb) =>
        new OwnerDiff(owner, RowMatcher.Match(owner, desired, nb), nb).Run();

    /// <summary>What has to change so that <paramref name="rows"/> are gone, whoever they belong to. Those that do not exist are passed over.</summary>
    /// <param name="owner">In whose name they are removed; it owns none of them.</param>
    public static Changes Removal(OwnerKey owner, IEnumerable<StoredRef> rows, NorthboundSnapshot nb)
    {
        var matches = new RowMatches(0);
        foreach (var (table, uuid) in rows.Distinct())
        {
            if (nb.Find(table, uuid) is { } row)
                matches.AddSurplus(nb.Binding[table], row);
        }
        return new OwnerDiff(owner, matches, nb).Run();
    }
}
