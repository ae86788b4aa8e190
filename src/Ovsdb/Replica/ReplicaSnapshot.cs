using System.Runtime.InteropServices;

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

    internal ReplicaSnapshot With(List<RowChange> changes)
    {
        if (changes.Count == 0)
            return this;
        var tables = new Dictionary<string, TableSnapshot>(_tables, StringComparer.Ordinal);
        var rest = CollectionsMarshal.AsSpan(changes);
        while (!rest.IsEmpty)
        {
            // Changes come table by table.
            var table = rest[0].Table;
            var count = 1;
            while (count < rest.Length && rest[count].Table == table)
                count++;
            tables[table] = tables[table].With(rest[..count]);
            rest = rest[count..];
        }

        return new(Version + 1, tables);
    }

    /// <summary>The same content under a version that follows <paramref name="other"/>'s.</summary>
    internal ReplicaSnapshot After(ReplicaSnapshot other) => new(other.Version + 1, _tables);
}
