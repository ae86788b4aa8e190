namespace Sluice.Ovsdb;

/// <summary>An immutable row of a replica. A change makes a new row; the values that did not change are shared.</summary>
public sealed class Row
{
    private readonly Value[] _values;

    public Row(TableSchema schema, Guid uuid, Value[] values)
    {
        Schema = schema;
        Uuid = uuid;
        _values = values;
    }

    /// <summary>The monitored columns of the table, in the order of the indexer.</summary>
    public TableSchema Schema { get; }

    public Guid Uuid { get; }

    /// <summary>Value of a column by its position in <see cref="Schema"/>.</summary>
    public Value this[int column] => _values[column];

    /// <summary>Value of a column by name.</summary>
    /// <exception cref="KeyNotFoundException">The column is not monitored, or the server does not have it.</exception>
    public Value this[string column] => Schema.IndexOf(column) is var index and >= 0
        ? _values[index]
        : throw new KeyNotFoundException($"{Schema.Name} has no column {column} here");

    /// <summary>Value of a column by name, or null when it is not monitored or the server does not have it.</summary>
    public Value? Find(string column) => Schema.IndexOf(column) is var index and >= 0 ? _values[index] : null;

    internal bool HasValuesOf(Row other) =>
        _values.Length == other._values.Length && _values.AsSpan().SequenceEqual(other._values);

    internal Value[] CopyValues() => [.. _values];

    public override string ToString() => $"{Schema.Name} {Uuid}";
}
