namespace Sluice.Ovsdb;

/// <summary>A secondary index that the replica keeps.</summary>
/// <param name="Table">Table name.</param>
/// <param name="Name">Name of the index, for <see cref="TableSnapshot.Lookup"/>.</param>
/// <param name="Key">The key of a row, or null for a row that is not in the index. Must be a pure function.</param>
public sealed record IndexSpec(string Table, string Name, Func<Row, string?> Key);
