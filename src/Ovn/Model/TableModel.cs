using System.Collections.Immutable;

namespace Sluice.Ovn.Model;

/// <summary>A table that we model: generated from its schema, written out so that nothing needs reflection.</summary>
public sealed class TableModel
{
    private readonly Func<RowReader, OvnRow> _read;

    /// <param name="name">As in the schema.</param>
    /// <param name="isRoot">Whether a row lives without being referred to: RFC 7047 section 3.2, "isRoot".</param>
    /// <param name="key">Null when rows of the table have no natural key.</param>
    /// <param name="columns">In the order of the schema.</param>
    /// <param name="read">Makes a record of a database row.</param>
    internal TableModel(string name, bool isRoot, NaturalKey? key, ImmutableArray<ColumnModel> columns, Func<RowReader, OvnRow> read)
    {
        Name = name;
        IsRoot = isRoot;
        Key = key;
        Columns = columns;
        _read = read;
    }

    /// <summary>As in the schema.</summary>
    public string Name { get; }

    internal bool IsRoot { get; }

    internal NaturalKey? Key { get; }

    internal ImmutableArray<ColumnModel> Columns { get; }

    internal OvnRow Read(RowReader reader) => _read(reader);
}
