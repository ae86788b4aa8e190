namespace Sluice.Ovn;

/// <summary>
/// A row's membership in a set of another row, for example of a NAT row in <c>Logical_Router.nat</c>. Children attach themselves: nobody
/// writes such a set as a whole, so that members put there by others stay.
/// </summary>
/// <param name="ParentTable">The table with the set, as in the schema: <c>Logical_Router</c>.</param>
/// <param name="Parent">The row with the set.</param>
/// <param name="Column">The column that is the set: <c>nat</c>.</param>
public sealed record Attachment(string ParentTable, RowRef Parent, string Column);
