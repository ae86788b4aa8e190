using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>
/// Finds, for desired rows that no database row is named after, one that means the same: a row of ours that the plan calls by another name
/// now, or a row of an earlier system. Finds as well what stands in a row's place and is not ours.
/// </summary>
internal sealed class KeyMatcher(DiffContext context)
{
    private Dictionary<(BoundTable Table, string Key), List<Row>>? _surplus;

    public void Match()
    {
        // Of two rows that mean the same, which may take the place of one that is there does not depend on the order of the plan.
        var rows = context.Matches.Planned.Where(row => row.Table.Model.Key is not null).OrderBy(row => row.Desired.Id.Name, StringComparer.Ordinal).ToList();
        // Where keys count within a parent, and where the parent says whose a row is, it has to be known first.
        foreach (var row in rows.Where(row => !NeedsParent(row.Table.Model)))
            Match(row);
        foreach (var row in rows.Where(row => NeedsParent(row.Table.Model)))
            Match(row);
    }

    private static bool NeedsParent(TableModel table) => table.Key!.WithinParent || UnmarkedRows.In(table);

    private void Match(PlannedRow planned)
    {
        var key = KeyText.Of(planned.Desired.Row)!;
        if (planned.Existing is { } known)
        {
            var isRename = !string.Equals(KeyText.Of(planned.Table.Model, known), key, StringComparison.Ordinal);
            if (isRename && Occupant(planned, key, legacyToo: true) is { } occupant)
                Hold(planned, key, occupant);
        }
        else if (Renamed(planned, key) is { } renamed)
        {
            context.Matches.Pair(planned, renamed);
        }
        else if (Legacy(planned, key) is { } legacy)
        {
            context.Matches.Pair(planned, legacy);
            planned.Adopted = true;
        }
        else if (Occupant(planned, key, legacyToo: false) is { } occupant)
        {
            Hold(planned, key, occupant);
        }
    }

    private Row? Renamed(PlannedRow planned, string key)
    {
        _surplus ??= context.Matches.Surplus
            .Where(row => row.Table.Model.Key is not null)
            .GroupBy(row => (row.Table, KeyText.Of(row.Table.Model, row.Row)!), row => row.Row)
            .ToDictionary(rows => rows.Key, rows => rows.OrderBy(row => row.Uuid).ToList());
        return _surplus.GetValueOrDefault((planned.Table, key))?.Find(row => context.Matches.IsSurplus(row) && IsInPlaceOf(planned, row));
    }

    private Row? Legacy(PlannedRow planned, string key) =>
        Candidates(planned, key)
            .Where(row => OwnerIds.IsLegacy(row[planned.Table.ExternalIds]) || UnmarkedRows.IsAdoptable(context, planned, row))
            .MinBy(row => row.Uuid);

    private Row? Occupant(PlannedRow planned, string key, bool legacyToo) =>
        Candidates(planned, key)
            .Where(row => planned.Table.OwnerOf(row) != context.Owner && (legacyToo || !OwnerIds.IsLegacy(row[planned.Table.ExternalIds])))
            .MinBy(row => row.Uuid);

    private IEnumerable<Row> Candidates(PlannedRow planned, string key) =>
        context.Nb.WithKey(planned.Table, key).Where(row => context.Matches.For(row) is null && IsInPlaceOf(planned, row));

    private bool IsInPlaceOf(PlannedRow planned, Row row)
    {
        if (planned.Table.Model.Key is { WithinParent: false })
            return true;
        foreach (var attachment in planned.Desired.Attachments)
        {
            if (context.IsAttached(attachment, row))
                return true;
        }
        return false;
    }

    private void Hold(PlannedRow planned, string key, Row occupant)
    {
        planned.Held = true;
        context.Report.Conflict(
            new(planned.Desired.Id, planned.Table.Name, occupant.Uuid, KeyText.Display(key), planned.Table.OwnerOf(occupant)));
    }
}
