using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>Finds the rows that a plan refers to: in the plan itself, else in the database.</summary>
internal sealed class RefResolver(OwnerKey owner, NorthboundSnapshot nb, RowMatches matches)
{
    private readonly Dictionary<(string Table, RowRef Ref), RowTarget> _known = [];
    private (string Table, RowRef? Ref, RowTarget Target) _last = ("", null, default);

    /// <param name="table">The table that the reference is into.</param>
    public RowTarget Resolve(string table, RowRef reference)
    {
        // Most rows of a plan share one parent, so that the answer to the last question is the usual one.
        if (string.Equals(table, _last.Table, StringComparison.Ordinal) && reference.Equals(_last.Ref))
            return _last.Target;
        if (!_known.TryGetValue((table, reference), out var target))
        {
            target = Find(table, reference);
            _known[(table, reference)] = target;
        }
        _last = (table, reference, target);
        return target;
    }

    private RowTarget Find(string table, RowRef reference) => reference switch
    {
        RowRef.Owned(var id) when id.Owner == owner && matches.Named(table, id.Name) is { } planned => new(planned, planned.Existing),
        RowRef.Owned(var id) => InDatabase(nb.FindOwned(table, id)),
        RowRef.ByName(_, var name) when matches.WithKey(table, name) is { } planned => new(planned, planned.Existing),
        RowRef.ByName(_, var name) => InDatabase(nb.FindByName(table, name)),
        RowRef.ByUuid(var uuid) => InDatabase(nb.Find(table, uuid)),
        _ => default,
    };

    private RowTarget InDatabase(Row? row) => row is null || matches.IsSurplus(row) ? default : new(matches.For(row), row);
}
