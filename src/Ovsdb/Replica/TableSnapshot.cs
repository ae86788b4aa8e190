using System.Diagnostics;

namespace Sluice.Ovsdb;

/// <summary>All rows of a table at one moment. Immutable.</summary>
public sealed class TableSnapshot
{
    private readonly PagedMap<Row> _rows;
    private readonly RowIndex[] _indexes;

    private TableSnapshot(TableSchema schema, PagedMap<Row> rows, RowIndex[] indexes)
    {
        Schema = schema;
        _rows = rows;
        _indexes = indexes;
    }

    /// <summary>The monitored columns.</summary>
    public TableSchema Schema { get; }

    public int Count => _rows.Count;

    /// <summary>All rows, in no particular order.</summary>
    public IEnumerable<Row> Rows => _rows;

    public Row? Find(Guid uuid) => _rows.Find(uuid.GetHashCode(), uuid, static (row, uuid) => row.Uuid == uuid);

    /// <summary>The rows with this key in an index that was declared by an <see cref="IndexSpec"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such index.</exception>
    public IReadOnlyList<Row> Lookup(string index, string key) => Index(index).Lookup(key);

    /// <summary>How many rows <see cref="Lookup"/> would return, without looking at them.</summary>
    /// <exception cref="KeyNotFoundException">There is no such index.</exception>
    public int CountOf(string index, string key) => Index(index).Count(key);

    internal static TableSnapshot Empty(TableSchema schema, IEnumerable<IndexSpec> indexes) => new(
        schema,
        PagedMap<Row>.Empty,
        [.. indexes.Where(spec => spec.Table == schema.Name).Select(RowIndex.Empty)]);

    /// <summary>The table after some rows came, changed or went.</summary>
    internal TableSnapshot With(ReadOnlySpan<RowChange> changes)
    {
        var rows = new PagedMap<Row>.Builder(_rows, static row => row.Uuid.GetHashCode());
        if (_rows.Count == 0)
            rows.Reserve(changes.Length);
        foreach (var change in changes)
        {
            Debug.Assert(change.Table == Schema.Name, "a change of another table");
            if (change.Old is not null)
                rows.Remove(change.Old);
            if (change.New is not null)
                rows.Add(change.New);
        }

        var indexes = new RowIndex[_indexes.Length];
        for (var index = 0; index < indexes.Length; index++)
            indexes[index] = _indexes[index].With(changes);
        return new(Schema, rows.Build(), indexes);
    }

    private RowIndex Index(string name) =>
        Array.Find(_indexes, index => index.Spec.Name == name) ?? throw new KeyNotFoundException($"{Schema.Name} has no index {name}");
}
