using System.Collections.Frozen;
using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>Decodes a database schema (RFC 7047 section 3.2): the reply to <c>get_schema</c>, or an <c>.ovsschema</c> file.</summary>
public static class SchemaReader
{
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="OvsdbException">The JSON is not a database schema.</exception>
    public static DatabaseSchema Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    internal static DatabaseSchema Read(JsonElement schema)
    {
        try
        {
            return new(
                schema.GetProperty("name").GetString()!,
                schema.TryGetProperty("version", out var version) ? version.GetString()! : "",
                schema.GetProperty("tables").EnumerateObject()
                    .Select(table => Table(table.Name, table.Value))
                    .ToFrozenDictionary(table => table.Name, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw OvsdbException.Protocol("not a database schema", e);
        }
    }

    private static TableSchema Table(string name, JsonElement table) => new(
        name,
        table.GetProperty("columns").EnumerateObject().Select(column => Column(column.Name, column.Value)),
        table.TryGetProperty("isRoot", out var isRoot) && isRoot.GetBoolean());

    private static ColumnSchema Column(string name, JsonElement column) => new(
        name,
        Type(column.GetProperty("type")),
        !column.TryGetProperty("mutable", out var mutable) || mutable.GetBoolean(),
        column.TryGetProperty("ephemeral", out var ephemeral) && ephemeral.GetBoolean());

    private static ColumnType Type(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
            return new(Kind(type));

        var (key, refTable) = Base(type.GetProperty("key"));
        return new(
            key,
            type.TryGetProperty("value", out var value) ? Base(value).Kind : null,
            type.TryGetProperty("min", out var min) ? min.GetInt32() : 1,
            !type.TryGetProperty("max", out var max) ? 1 : max.ValueKind == JsonValueKind.String ? int.MaxValue : max.GetInt32())
        {
            RefTable = refTable,
        };
    }

    private static (AtomKind Kind, string? RefTable) Base(JsonElement type) => type.ValueKind == JsonValueKind.String
        ? (Kind(type), null)
        : (Kind(type.GetProperty("type")), type.TryGetProperty("refTable", out var table) ? table.GetString() : null);

    private static AtomKind Kind(JsonElement type) => type.GetString() switch
    {
        "integer" => AtomKind.Integer,
        "real" => AtomKind.Real,
        "boolean" => AtomKind.Boolean,
        "string" => AtomKind.String,
        "uuid" => AtomKind.Uuid,
        var other => throw OvsdbException.Protocol($"unknown type {other}"),
    };
}
