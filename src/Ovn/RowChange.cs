using System.Collections.Immutable;

namespace Sluice.Ovn;

/// <summary>A row of a plan that the database does not have as the plan wants it, for people to read.</summary>
/// <param name="Id">Which row it is to its owner.</param>
/// <param name="Columns">What differs; for a missing row everything that it should say, for a surplus one nothing.</param>
public sealed record RowChange(RowId Id, string Table, RowChangeKind Kind, ImmutableArray<ColumnChange> Columns)
{
    public override string ToString() => Kind switch
    {
        RowChangeKind.Missing => $"{Table} row {Id.Name} is missing ({string.Join(", ", Columns.Select(column => $"{column.Column}={column.Wanted}"))})",
        RowChangeKind.Surplus => $"{Table} row {Id.Name} should not exist",
        _ => $"{Table} row {Id.Name}: {string.Join(", ", Columns)}",
    };
}

/// <summary>How a row differs from a plan.</summary>
public enum RowChangeKind
{
    /// <summary>The plan has it, the database does not.</summary>
    Missing,

    /// <summary>Both have it, with different contents.</summary>
    Different,

    /// <summary>The database has it, the plan does not.</summary>
    Surplus,
}

/// <param name="Column">A column, or <c>Table.column</c> for a set of another row that the row should be in.</param>
/// <param name="Found">What the database has; null when there is nothing to compare with.</param>
/// <param name="Wanted">What the plan wants.</param>
public sealed record ColumnChange(string Column, string? Found, string Wanted)
{
    public override string ToString() => Found is null ? $"{Column} lacks {Wanted}" : $"{Column} is {Found}, should be {Wanted}";
}
