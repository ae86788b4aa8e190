namespace Sluice.Ovn;

/// <summary>A row that a plan wants, but whose place is taken by a row that we must not touch.</summary>
/// <param name="Id">The row that is not written.</param>
/// <param name="Table">As in the schema.</param>
/// <param name="Uuid">The row in its place.</param>
/// <param name="Key">What the two have in common: the values of the table's natural key, such as the name.</param>
/// <param name="Owner">Whose row it is when another plan of ours wrote it; null when somebody else did.</param>
public sealed record RowConflict(RowId Id, string Table, Guid Uuid, string Key, OwnerKey? Owner);
