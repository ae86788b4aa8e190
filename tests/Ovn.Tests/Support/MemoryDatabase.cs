using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>
/// What ovsdb-server does with the operations that we send, without a server: RFC 7047 section 5.2, garbage collection of rows that are no
/// root, weak references, unique indexes, immutable columns. Immutable itself.
/// </summary>
internal sealed class MemoryDatabase
{
    private readonly MemorySchema _schema;
    private readonly IReadOnlyDictionary<Guid, Row> _rows;

    private MemoryDatabase(MemorySchema schema, IReadOnlyDictionary<Guid, Row> rows)
    {
        _schema = schema;
        _rows = rows;
    }

    public static MemoryDatabase Empty(MemorySchema? schema = null) => new(schema ?? MemorySchema.Northbound, new Dictionary<Guid, Row>());

    public IEnumerable<Row> Rows => _rows.Values;

    public NorthboundSnapshot Snapshot() => NorthboundSnapshot.Of(ReplicaSnapshot.Of(
        _schema.Tables.Where(table => NorthboundModel.Monitor.ContainsKey(table.Name)), NorthboundModel.Indexes, _rows.Values));

    public IEnumerable<Row> Table(string table) => _rows.Values.Where(row => row.Schema.Name == table);

    /// <summary>Commits the operations.</summary>
    /// <exception cref="InvalidOperationException">The server would refuse them.</exception>
    public MemoryDatabase Apply(IEnumerable<Operation> operations) => Apply(operations, out _);

    /// <param name="named">The rows inserted, by the name that the transaction gave them.</param>
    public MemoryDatabase Apply(IEnumerable<Operation> operations, out IReadOnlyDictionary<string, Guid> named)
    {
        var transaction = new MemoryTransaction(_schema, _rows);
        var all = operations.ToList();
        foreach (var insert in all.OfType<Insert>().Where(insert => insert.UuidName is not null))
            transaction.Declare(insert.UuidName!);
        foreach (var operation in all)
            transaction.Execute(operation);
        named = transaction.Named;
        return new(_schema, transaction.Commit());
    }

    /// <summary>All rows with their columns, ordered, for comparing whole databases: UUIDs are replaced by what identifies a row.</summary>
    public IReadOnlyList<string> Dump()
    {
        var rows = _rows;
        return [.. _rows.Values.Select(row => Describe(row)).Order(StringComparer.Ordinal)];

        string Describe(Row row) => $"{row.Schema.Name} " + string.Join(", ", row.Schema.Columns
            .Select((column, place) => (column, value: row[place]))
            .Where(cell => !cell.value.Equals(cell.column.Type.Default))
            .Select(cell => $"{cell.column.Name}={Text(cell.value)}"));

        string Text(Value value) => value.Keys is [{ Kind: AtomKind.Uuid }, ..]
            ? "{" + string.Join(", ", value.Keys.ToArray().Select(member => rows.TryGetValue(member.AsGuid, out var row) ? Name(row) : "?").Order(StringComparer.Ordinal)) + "}"
            : value.ToString();

        static string Name(Row row) => row["external_ids"].ToString() + row.Find("name") + row.Find("external_ip") + row.Find("ip_prefix");
    }
}
