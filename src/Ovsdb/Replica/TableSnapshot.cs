using System.Diagnostics;

namespace Sluice.Ovsdb;

/// <summary>All rows of a table at one moment. Immutable.</summary>
public sealed class TableSnapshot
{
    private readonly RowMap _rows;
    private readonly Index[] _indexes;

    private TableSnapshot(TableSchema schema, RowMap rows, Index[] indexes)
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

    public Row? Find(Guid uuid) => _rows[uuid.GetHashCode()].Find(uuid, static (row, uuid) => row.Uuid == uuid);

    /// <summary>The rows with this key in an index that was declared by an <see cref="IndexSpec"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such index.</exception>
    public IReadOnlyList<Row> Lookup(string index, string key)
    {
        var (spec, rows) = Array.Find(_indexes, candidate => candidate.Spec.Name == index)
            ?? throw new KeyNotFoundException($"{Schema.Name} has no index {index}");
        return rows[string.GetHashCode(key)].FindAll((spec, key), static (row, wanted) => string.Equals(wanted.spec.Key(row), wanted.key, StringComparison.Ordinal));
    }

    internal static TableSnapshot Empty(TableSchema schema, IEnumerable<IndexSpec> indexes) => new(
        schema,
        RowMap.Empty,
        [.. indexes.Where(spec => spec.Table == schema.Name).Select(spec => new Index(spec, RowMap.Empty))]);

    /// <summary>The table after some rows came, changed or went.</summary>
    internal TableSnapshot With(IReadOnlyCollection<RowChange> changes)
    {
        var rows = new RowMap.Builder(_rows, static row => row.Uuid.GetHashCode());
        foreach (var change in changes)
        {
            Debug.Assert(change.Table == Schema.Name, "a change of another table");
            if (change.Old is not null)
                rows.Remove(change.Old);
            if (change.New is not null)
                rows.Add(change.New);
        }

        return new(Schema, rows.Build(), Array.ConvertAll(_indexes, index => index.With(changes)));
    }

    private sealed record Index(IndexSpec Spec, RowMap Rows)
    {
        public Index With(IReadOnlyCollection<RowChange> changes)
        {
            var rows = new RowMap.Builder(Rows, row => string.GetHashCode(Spec.Key(row)!));
            foreach (var change in changes)
            {
                if (change.Old is not null && Spec.Key(change.Old) is not null)
                    rows.Remove(change.Old);
                if (change.New is not null && Spec.Key(change.New) is not null)
                    rows.Add(change.New);
            }

            return this with { Rows = rows.Build() };
        }
    }
}
