using System.Text.Json;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>A schema, with those of its rules that a client usually leaves to the server.</summary>
internal sealed class MemorySchema
{
    private MemorySchema(
        DatabaseSchema schema, IReadOnlyDictionary<string, string[][]> indexes, IReadOnlySet<(string Table, string Column)> weak)
    {
        Tables = [.. schema.Tables.Values];
        Indexes = indexes;
        Weak = weak;
    }

    /// <summary>The pinned northbound schema.</summary>
    public static MemorySchema Northbound { get; } = Load(Repository.Schema("ovn-nb.ovsschema"));

    public IReadOnlyList<TableSchema> Tables { get; private init; }

    /// <summary>The columns that are unique together, by table.</summary>
    public IReadOnlyDictionary<string, string[][]> Indexes { get; }

    /// <summary>Columns of references that do not keep alive what they refer to.</summary>
    public IReadOnlySet<(string Table, string Column)> Weak { get; }

    /// <summary>The same schema, but this column of an existing row can not be changed.</summary>
    public MemorySchema WithImmutable(string table, string column) => new(this)
    {
        Tables = [.. Tables.Select(known => known.Name != table ? known : new TableSchema(
            known.Name, known.Columns.Select(other => other.Name == column ? other with { Mutable = false } : other), known.IsRoot))],
    };

    private MemorySchema(MemorySchema other)
    {
        Tables = other.Tables;
        Indexes = other.Indexes;
        Weak = other.Weak;
    }

    private static MemorySchema Load(string file)
    {
        var json = File.ReadAllBytes(file);
        using var document = JsonDocument.Parse(json);
        var tables = document.RootElement.GetProperty("tables").EnumerateObject().ToList();
        var weak =
            from table in tables
            from column in table.Value.GetProperty("columns").EnumerateObject()
            where column.Value.GetProperty("type") is { ValueKind: JsonValueKind.Object } type
                && type.GetProperty("key") is { ValueKind: JsonValueKind.Object } key
                && key.TryGetProperty("refType", out var refType) && refType.GetString() == "weak"
            select (table.Name, column.Name);
        return new(
            SchemaReader.Read(json),
            tables.Where(table => table.Value.TryGetProperty("indexes", out _)).ToDictionary(
                table => table.Name, table => table.Value.GetProperty("indexes").Deserialize<string[][]>()!),
            weak.ToHashSet());
    }
}
