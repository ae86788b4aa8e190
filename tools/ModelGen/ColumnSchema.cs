using System.Collections.Immutable;
using System.Text.Json;

namespace Sluice.ModelGen;

/// <summary>A column of a schema: RFC 7047 section 3.2, &lt;column-schema&gt;.</summary>
/// <param name="KeyType">Atomic type: integer, real, boolean, string or uuid.</param>
/// <param name="ValueType">Atomic type of a map's values; null when the column is no map.</param>
/// <param name="Max">Largest number of elements; null is unlimited.</param>
/// <param name="Enum">The permitted strings, or nothing when all are.</param>
/// <param name="RefTable">The table that a uuid refers to.</param>
/// <param name="Weak">Whether the row referred to may be deleted all the same.</param>
internal sealed record ColumnSchema(
    string Name, string KeyType, string? ValueType, int Min, int? Max, ImmutableArray<string> Enum, string? RefTable, bool Weak)
{
    public bool IsMap => ValueType is not null;

    public bool IsOptional => !IsMap && Min == 0 && Max == 1;

    public bool IsScalar => !IsMap && Min == 1 && Max == 1;

    public static ColumnSchema Parse(string name, JsonElement column)
    {
        var type = column.GetProperty("type");
        if (type.ValueKind == JsonValueKind.String)
            return new(name, type.GetString()!, null, 1, 1, [], null, false);

        var key = type.GetProperty("key");
        var min = type.TryGetProperty("min", out var least) ? least.GetInt32() : 1;
        int? max = !type.TryGetProperty("max", out var most) ? 1 : most.ValueKind == JsonValueKind.Number ? most.GetInt32() : null;
        return new(
            name,
            AtomicType(key),
            type.TryGetProperty("value", out var value) ? AtomicType(value) : null,
            min,
            max,
            EnumOf(key),
            Member(key, "refTable"),
            Member(key, "refType") is "weak");
    }

    /// <summary>The type in words, for the documentation of the generated property.</summary>
    public string Describe()
    {
        var isSet = !IsMap && !IsScalar && !IsOptional;
        var words = !Enum.IsEmpty ? $"{(isSet ? "any" : "one")} of {string.Join(", ", Enum)}"
            : RefTable is not null ? $"{(isSet ? "references" : "reference")} to {RefTable}"
            : isSet ? $"set of {KeyType}s"
            : IsMap ? $"map of {KeyType}s to {ValueType}s"
            : KeyType;
        return IsOptional ? $"{words}; optional" : words;
    }

    private static string AtomicType(JsonElement type) =>
        type.ValueKind == JsonValueKind.String ? type.GetString()! : type.GetProperty("type").GetString()!;

    private static string? Member(JsonElement type, string name) =>
        type.ValueKind == JsonValueKind.Object && type.TryGetProperty(name, out var member) ? member.GetString() : null;

    /// <summary>The enumeration of a type: <c>["set", [...]]</c>, or a single string.</summary>
    private static ImmutableArray<string> EnumOf(JsonElement type)
    {
        if (type.ValueKind != JsonValueKind.Object || !type.TryGetProperty("enum", out var values))
            return [];
        return values.ValueKind == JsonValueKind.Array
            ? [.. values[1].EnumerateArray().Select(value => value.GetString()!)]
            : [values.GetString()!];
    }
}
