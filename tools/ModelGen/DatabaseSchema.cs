using System.Collections.Immutable;
using System.Text.Json;

namespace Sluice.ModelGen;

/// <summary>A pinned schema, with the columns of an overlay appended.</summary>
internal sealed record DatabaseSchema(string Name, string Version, ImmutableSortedDictionary<string, TableSchema> Tables)
{
    /// <param name="schemaFile">A file in the format of RFC 7047 section 3.2.</param>
    /// <param name="overlayFile">The same format reduced to tables and columns; need not exist.</param>
    public static DatabaseSchema Load(string schemaFile, string overlayFile)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(schemaFile));
        var root = document.RootElement;
        var tables = ParseTables(root);
        if (File.Exists(overlayFile))
        {
            using var overlay = JsonDocument.Parse(File.ReadAllBytes(overlayFile));
            foreach (var (name, later) in ParseTables(overlay.RootElement))
                tables = tables.SetItem(name, tables.TryGetValue(name, out var table) ? Merge(table, later) : later);
        }
        return new(root.GetProperty("name").GetString()!, root.GetProperty("version").GetString()!, tables);
    }

    private static TableSchema Merge(TableSchema pinned, TableSchema later)
    {
        var twice = later.Columns.Select(column => column.Name).Intersect(pinned.Columns.Select(column => column.Name), StringComparer.Ordinal);
        if (twice.FirstOrDefault() is { } column)
            throw new InvalidDataException($"The overlay repeats column {column} of table {pinned.Name}.");
        return pinned with { Columns = [.. pinned.Columns, .. later.Columns] };
    }

    private static ImmutableSortedDictionary<string, TableSchema> ParseTables(JsonElement root) =>
        root.GetProperty("tables").EnumerateObject().ToImmutableSortedDictionary(
            table => table.Name, table => TableSchema.Parse(table.Name, table.Value), StringComparer.Ordinal);
}
