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

    public IReadOnlyList<string> Dump() => Support.Dump.Of(Rows);
}
