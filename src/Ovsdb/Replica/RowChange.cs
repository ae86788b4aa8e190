namespace Sluice.Ovsdb;

/// <summary>A row that came (<paramref name="Old"/> is null), went (<paramref name="New"/> is null) or changed.</summary>
public sealed record RowChange(string Table, Row? Old, Row? New);

/// <summary>What one update changed.</summary>
public sealed record ReplicaDelta(ReplicaSnapshot Before, ReplicaSnapshot After, IReadOnlyList<RowChange> Changes);
