using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>An OVN database at one moment, as records of the modelled tables. Immutable.</summary>
public abstract class ModelSnapshot
{
    private protected ModelSnapshot(ReplicaSnapshot replica, SchemaBinding binding)
    {
        Replica = replica;
        Binding = binding;
    }

    /// <summary>Grows with every change of the database that we are told of.</summary>
    public long Version => Replica.Version;

    internal ReplicaSnapshot Replica { get; }

    internal SchemaBinding Binding { get; }

    /// <summary>Whether the server has the column, or any column of the table when <paramref name="column"/> is null.</summary>
    /// <exception cref="KeyNotFoundException">We do not model the table.</exception>
    public bool Supports(string table, string? column = null)
    {
        var bound = Binding[table];
        return column is null ? bound.Exists : bound.Schema?.HasColumn(column) == true;
    }

    /// <summary>The rows of a table; null when the server has no such table.</summary>
    internal TableSnapshot? Rows(BoundTable table) => table.Exists ? Replica[table.Name] : null;

    internal IReadOnlyList<Row> WithKey(BoundTable table, string key) =>
        table.Exists && table.Model.Key is not null ? Replica[table.Name].Lookup(ReplicaLayout.Key, key) : [];

    internal Row? Find(string table, Guid uuid) => Rows(Binding[table])?.Find(uuid);

    /// <summary>The row of this name; where a table lets several have it, always the same one.</summary>
    internal Row? FindByName(string table, string name) => WithKey(Binding[table], name) switch
    {
        [] => null,
        [var row] => row,
        var rows => rows.MinBy(row => row.Uuid),
    };

    private protected IEnumerable<StoredRow<T>> ReadAll<T>()
        where T : OvnRow, ITableRow
    {
        var table = Binding[T.Model.Name];
        return Rows(table) is { } rows ? rows.Rows.Select(row => Read<T>(table, row)) : [];
    }

    private protected StoredRow<T>? ReadByName<T>(string name)
        where T : OvnRow, ITableRow
    {
        var table = Binding[T.Model.Name];
        return FindByName(table.Name, name) is { } row ? Read<T>(table, row) : null;
    }

    private protected StoredRow<T>? ReadOne<T>(Guid uuid)
        where T : OvnRow, ITableRow
    {
        var table = Binding[T.Model.Name];
        return Rows(table)?.Find(uuid) is { } row ? Read<T>(table, row) : null;
    }

    private protected static StoredRow<T> Read<T>(BoundTable table, Row row)
        where T : OvnRow => new(row.Uuid, (T)table.Read(row));
}
