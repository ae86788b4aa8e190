namespace Sluice.Ovsdb;

/// <summary>The monitored part of a database at one moment. Immutable: keep it as long as you like, read it from any thread.</summary>
public sealed class ReplicaSnapshot
{
    private readonly IReadOnlyDictionary<string, TableSnapshot> _tables;

    internal ReplicaSnapshot(long version, IReadOnlyDictionary<string, TableSnapshot> tables)
    {
        Version = version;
        _tables = tables;
    }

    /// <summary>Grows by one with each update; says nothing across clients.</summary>
    public long Version { get; }

    public IEnumerable<TableSnapshot> Tables => _tables.Values;

    /// <exception cref="KeyNotFoundException">The table is not monitored, or the server does not have it.</exception>
    public TableSnapshot this[string table] => _tables.TryGetValue(table, out var snapshot)
        ? snapshot
        : throw new KeyNotFoundException($"Table {table} is not in the replica");

    public bool HasTable(string table) => _tables.ContainsKey(table);

    public bool HasColumn(string table, string column) =>
        _tables.TryGetValue(table, out var snapshot) && snapshot.Schema.HasColumn(column);

    /// <summary>A snapshot that no server sent: for tools and tests that compare with rows of their own.</summary>
    public static ReplicaSnapshot Of(IEnumerable<TableSchema> tables, IReadOnlyList<IndexSpec> indexes, IEnumerable<Row> rows) =>
        Empty(tables, indexes).With([.. rows.Select(row => new RowChange(row.Schema.Name, null, row))]);

    internal static ReplicaSnapshot Empty(IEnumerable<TableSchema> tables, IReadOnlyList<IndexSpec> indexes) =>
        new(0, tables.ToDictionary(table => table.Name, table => TableSnapshot.Empty(table, indexes), StringComparer.Ordinal));

    internal ReplicaSnapshot With(IReadOnlyList<RowChange> changes)
    {
        var tables = new Dictionary<string, TableSnapshot>(_tables, StringComparer.Ordinal);
        foreach (var group in changes.GroupBy(change => change.Table, StringComparer.Ordinal))
            tables[group.Key] = tables[group.Key].With([.. group]);
        return new(Version + 1, tables);
    }

    /// <summary>The same content under a version that follows <paramref name="other"/>'s.</summary>
    internal ReplicaSnapshot After(ReplicaSnapshot other) => new(other.Version + 1, _tables);
}
