using System.Collections.Immutable;

namespace Sluice.Ovn.Diff;

/// <summary>What stands in the way of a plan. Sorted, so that it does not depend on the order of rows.</summary>
internal sealed class DiffReport
{
    private readonly Dictionary<string, RowRef> _missing = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unsupported = new(StringComparer.Ordinal);
    private readonly List<RowConflict> _conflicts = [];

    public ImmutableArray<RowRef> MissingParents =>
        [.. _missing.OrderBy(missing => missing.Key, StringComparer.Ordinal).Select(missing => missing.Value)];

    public ImmutableArray<string> UnsupportedColumns => [.. _unsupported];

    public ImmutableArray<RowConflict> Conflicts => [.. _conflicts.OrderBy(conflict => conflict.Id.Name, StringComparer.Ordinal)];

    public void Missing(RowRef reference) => _missing.TryAdd(reference.ToString(), reference);

    public void Unsupported(string table, string? column = null) => _unsupported.Add(column is null ? table : $"{table}.{column}");

    public void Conflict(RowConflict conflict) => _conflicts.Add(conflict);
}
