using System.Collections.Immutable;
using System.Text.Json;

namespace Sluice.ModelGen;

/// <summary>A table of a schema: RFC 7047 section 3.2, &lt;table-schema&gt;.</summary>
internal sealed record TableSchema(string Name, bool IsRoot, ImmutableArray<ColumnSchema> Columns)
{
    public ColumnSchema this[string column] =>
        Columns.FirstOrDefault(candidate => candidate.Name == column)
        ?? throw new InvalidDataException($"Table {Name} has no column {column}.");

    public static TableSchema Parse(string name, JsonElement table) =>
        new(
            name,
            table.TryGetProperty("isRoot", out var root) && root.GetBoolean(),
            [.. table.GetProperty("columns").EnumerateObject().Select(column => ColumnSchema.Parse(column.Name, column.Value))]);
}
