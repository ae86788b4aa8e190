using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>Finds the database row of each desired row by owner and name.</summary>
internal static class RowMatcher
{
    /// <exception cref="ArgumentException">A row belongs to another owner, or two rows have the same name.</exception>
    public static RowMatches Match(OwnerKey owner, IReadOnlyList<DesiredRow> desired, NorthboundSnapshot nb)
    {
        var matches = new RowMatches(desired.Count);
        var settled = Sort(owner, desired, nb, matches);
        var leftovers = Leftovers(owner, nb, matches, settled);
        foreach (var planned in matches.Planned)
        {
            if (leftovers.TryGetValue((planned.Table, planned.Desired.Id.Name), out var row))
                matches.Pair(planned, row);
        }
        return matches;
    }

    /// <summary>Separates rows that need no closer look; returns their number by table.</summary>
    private static Dictionary<BoundTable, int> Sort(
        OwnerKey owner, IReadOnlyList<DesiredRow> desired, NorthboundSnapshot nb, RowMatches matches)
    {
        var counts = new Dictionary<BoundTable, int>();
        BoundTable? table = null;
        TableSnapshot? rows = null;
        var count = 0;
        for (var i = 0; i < desired.Count; i++)
        {
            var row = desired[i];
            if (row.Id.Owner != owner)
                throw new ArgumentException($"{row.Id} is not a row of {owner}.", nameof(desired));
            if (table is null || !ReferenceEquals(table.Model, row.Row.Table))
            {
                Flush();
                table = nb.Binding[row.Row.Table.Name];
                rows = nb.Rows(table);
            }
            if (row.Settled is { } known && ReferenceEquals(rows?.Find(known.Uuid), known))
            {
                matches.Settled.Add(row);
                count++;
            }
            else
            {
                matches.Plan(row, table);
            }
        }
        Flush();
        return counts;

        void Flush()
        {
            if (table is not null)
                counts[table] = counts.GetValueOrDefault(table) + count;
            count = 0;
        }
    }

    /// <summary>The owner's database rows that are not settled: surplus until a desired row claims them.</summary>
    private static Dictionary<(BoundTable Table, string Name), Row> Leftovers(
        OwnerKey owner, NorthboundSnapshot nb, RowMatches matches, Dictionary<BoundTable, int> settledCounts)
    {
        var leftovers = new Dictionary<(BoundTable, string), Row>();
        var ownerText = owner.ToString();
        foreach (var table in nb.Binding.Tables)
        {
            var count = nb.CountOwned(table, ownerText) - settledCounts.GetValueOrDefault(table);
            if (count == 0)
                continue;
            foreach (var row in Unsettled(table, ownerText, nb, matches, count))
            {
                matches.AddSurplus(table, row);
                if (table.NameOf(row) is not { } name)
                    continue;
                if (!leftovers.TryGetValue((table, name), out var other) || IsPreferred(table, row, other))
                    leftovers[(table, name)] = row;
            }
        }
        return leftovers;
    }

    /// <summary>
    /// The owner's rows of a table that are not settled. Mostly they are those that have the names of desired rows, so that of the
    /// thousands of rows that a router may have those that are settled need not be gone through.
    /// </summary>
    /// <param name="count">How many there are.</param>
    private static HashSet<Row> Unsettled(BoundTable table, string owner, NorthboundSnapshot nb, RowMatches matches, int count)
    {
        var rows = new HashSet<Row>();
        foreach (var planned in matches.Planned)
        {
            if (ReferenceEquals(planned.Table, table))
                rows.UnionWith(nb.Named(table, owner, planned.Desired.Id.Name));
        }
        if (rows.Count == count)
            return rows;

        rows.UnionWith(nb.OwnedRows(table, owner));
        foreach (var desired in matches.Settled)
            rows.Remove(desired.Settled!);
        return rows;
    }

    /// <summary>
    /// Which of two rows with the same ids to keep, one being a copy that somebody made by hand: the one with more members, because moving
    /// members interrupts traffic.
    /// </summary>
    private static bool IsPreferred(BoundTable table, Row row, Row other)
    {
        var (members, otherMembers) = (Members(table, row), Members(table, other));
        return members != otherMembers ? members > otherMembers : row.Uuid.CompareTo(other.Uuid) < 0;
    }

    private static int Members(BoundTable table, Row row)
    {
        var members = 0;
        foreach (var set in table.Sets)
            members += set.Exists ? set.In(row).Count : 0;
        return members;
    }
}
