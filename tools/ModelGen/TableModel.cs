using System.Collections.Immutable;

namespace Sluice.ModelGen;

/// <summary>A table as it is generated: its schema, and what the schema does not say.</summary>
internal sealed class TableModel
{
    /// <exception cref="InvalidDataException">An option names a column that the schema does not have.</exception>
    public TableModel(TableSchema schema, TableOptions options)
    {
        Schema = schema;
        Options = options;
        foreach (var column in (string[])[.. options.Ignored, .. options.ReadOnly, .. options.Sets, .. options.Shared.Keys, .. options.Key])
            _ = schema[column.Split(':')[0]];
        Columns = [.. schema.Columns.Where(column => !options.Ignored.Contains(column.Name))];
    }

    public TableSchema Schema { get; }

    public TableOptions Options { get; }

    /// <summary>The columns that are modelled, in the order of the schema.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; }

    public string ClassName => Options.ClassName ?? Names.Pascal(Schema.Name);

    public ColumnUse UseOf(ColumnSchema column) =>
        Options.ReadOnly.Contains(column.Name) ? ColumnUse.ReadOnly
        : Options.Sets.Contains(column.Name) ? ColumnUse.Members
        : Options.Shared.ContainsKey(column.Name) || IsExternalIds(column) ? ColumnUse.Shared
        : ColumnUse.Written;

    public static bool IsExternalIds(ColumnSchema column) => column.Name == "external_ids";
}
