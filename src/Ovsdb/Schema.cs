using System.Collections.Frozen;
using System.Text;

namespace Sluice.Ovsdb;

/// <summary>The type of a column (RFC 7047 section 3.2, <c>&lt;type&gt;</c>).</summary>
/// <param name="Key">Type of a set's members or a map's keys.</param>
/// <param name="MapValue">Type of a map's values; null for a set.</param>
/// <param name="Min">0 or 1 members at least.</param>
/// <param name="Max">Members at most; <see cref="int.MaxValue"/> for <c>"unlimited"</c>.</param>
public sealed record ColumnType(AtomKind Key, AtomKind? MapValue = null, int Min = 1, int Max = 1)
{
    /// <summary>The table that a UUID key refers to, or null.</summary>
    public string? RefTable { get; init; }

    public bool IsMap => MapValue is not null;

    /// <summary>More than one member is possible: an update then carries the difference, not the new value.</summary>
    public bool IsComposite => Max > 1;

    /// <summary>The value of a column that an insert did not name (RFC 7047 section 5.2.1).</summary>
    public Value Default => IsMap ? Value.EmptyMap
        : Min == 0 ? Value.EmptySet
        : Key switch
        {
            AtomKind.Integer => Zero,
            AtomKind.Real => ZeroReal,
            AtomKind.Boolean => False,
            AtomKind.String => EmptyString,
            _ => NoUuid,
        };

    private static readonly Value Zero = Value.Of(0L);
    private static readonly Value ZeroReal = Value.Of(0.0);
    private static readonly Value False = Value.Of(false);
    private static readonly Value EmptyString = Value.Of("");
    private static readonly Value NoUuid = Value.Of(Guid.Empty);
}

/// <summary>A column of a table (RFC 7047 section 3.2, <c>&lt;column-schema&gt;</c>).</summary>
public sealed record ColumnSchema(string Name, ColumnType Type, bool Mutable = true, bool Ephemeral = false);

/// <summary>A table (RFC 7047 section 3.2, <c>&lt;table-schema&gt;</c>) with its columns in a fixed order.</summary>
public sealed class TableSchema
{
    private readonly FrozenDictionary<string, int> _indexes;
    private readonly byte[][] _utf8Names;
    private readonly Value[] _defaults;

    public TableSchema(string name, IEnumerable<ColumnSchema> columns, bool isRoot = true)
    {
        Name = name;
        Columns = [.. columns];
        IsRoot = isRoot;
        _utf8Names = [.. Columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        _defaults = [.. Columns.Select(column => column.Type.Default)];
        _indexes = Columns.Select((column, index) => (column.Name, index)).ToFrozenDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
    }

    public string Name { get; }

    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Rows of a table that is not a root vanish when nothing refers to them.</summary>
    public bool IsRoot { get; }

    public bool HasColumn(string column) => _indexes.ContainsKey(column);

    /// <summary>Position of a column, or -1.</summary>
    public int IndexOf(string column) => _indexes.GetValueOrDefault(column, -1);

    /// <summary>Position of the column whose name the reader stands at, or -1; allocates nothing.</summary>
    internal int IndexOf(scoped in System.Text.Json.Utf8JsonReader reader)
    {
        for (var index = 0; index < _utf8Names.Length; index++)
        {
            if (reader.ValueTextEquals(_utf8Names[index]))
                return index;
        }

        return -1;
    }

    /// <summary>The values of a row that was inserted without naming any column.</summary>
    internal Value[] CopyDefaults() => [.. _defaults];

    public ColumnSchema? Column(string name) => IndexOf(name) is var index and >= 0 ? Columns[index] : null;

    /// <summary>The same table with only those of its columns that are named; unknown names are ignored.</summary>
    public TableSchema Only(IEnumerable<string> columns) =>
        new(Name, columns.Select(Column).OfType<ColumnSchema>(), IsRoot);
}

/// <summary>A database (RFC 7047 section 3.2, <c>&lt;database-schema&gt;</c>).</summary>
public sealed record DatabaseSchema(string Name, string Version, FrozenDictionary<string, TableSchema> Tables)
{
    public TableSchema? Table(string name) => Tables.GetValueOrDefault(name);

    public bool HasColumn(string table, string column) => Table(table)?.HasColumn(column) == true;
}
