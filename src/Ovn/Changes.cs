using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>What separates the database from a plan: the operations that make it so, and what stands in the way of the rest.</summary>
/// <param name="Operations">In a stable order; the same plan and the same database give the same operations.</param>
/// <param name="MissingParents">Rows that the plan refers to and that do not exist. The rows that need them are left as they are.</param>
/// <param name="UnsupportedColumns">
/// <c>table.column</c>, or a table, that the server's schema lacks. The rows that need them are left as they are.
/// </param>
/// <param name="Conflicts">Rows that are not written because a row that is not ours is in their place.</param>
/// <param name="Inserted">Rows inserted.</param>
/// <param name="Updated">Rows of ours with a changed column or membership.</param>
/// <param name="Deleted">Rows of ours removed.</param>
/// <param name="Adopted">Rows of an earlier system that become ours.</param>
public sealed record Changes(
    ImmutableArray<Operation> Operations,
    ImmutableArray<RowRef> MissingParents,
    ImmutableArray<string> UnsupportedColumns,
    ImmutableArray<RowConflict> Conflicts,
    int Inserted,
    int Updated,
    int Deleted,
    int Adopted)
{
    /// <summary>The names, see <see cref="RowId.Name"/>, of the rows that are inserted, updated, adopted or attached elsewhere.</summary>
    public ImmutableArray<string> Written { get; init; } = [];

    /// <summary>
    /// How many of <see cref="Operations"/> come before each place where a transaction may end, should they be more than a server likes at
    /// once. Each part leaves the database in order, whether or not the others are committed.
    /// </summary>
    public ImmutableArray<int> Cuts { get; init; } = [];

    /// <summary>The database is as the plan wants it, as far as it can be.</summary>
    public bool IsEmpty => Operations.IsEmpty;
}
