namespace Sluice.ModelGen;

/// <summary>What a column's type is in C#.</summary>
/// <param name="Clr">Type of the property.</param>
/// <param name="Codec">Member of <c>Codecs</c>; null for references, which need to be resolved instead.</param>
/// <param name="Initializer">What follows the property, so that it is never null by accident.</param>
internal sealed record ColumnType(string Clr, string? Codec, string Initializer = "")
{
    private static readonly ColumnType Map = new("StringMap", "StringMap", " = StringMap.Empty;");
    private static readonly ColumnType Set = new("StringSet", "StringSet", " = StringSet.Empty;");
    private static readonly ColumnType Refs = new("RefSet", null, " = RefSet.Empty;");

    /// <exception cref="InvalidDataException">Nothing of ours has needed the type yet.</exception>
    public static ColumnType Of(ColumnSchema column) => column switch
    {
        { KeyType: "string", ValueType: "string" } => Map,
        { IsMap: true } => throw Unmodelled(column),
        { IsScalar: true } => Scalar(column),
        { IsOptional: true } => Optional(Scalar(column)),
        { KeyType: "string" } => Set,
        { KeyType: "uuid", RefTable: not null } => Refs,
        _ => throw Unmodelled(column),
    };

    private static ColumnType Scalar(ColumnSchema column) => column.KeyType switch
    {
        "string" => new("string", "String", " = \"\";"),
        "integer" => new("long", "Integer"),
        "boolean" => new("bool", "Boolean"),
        "uuid" when column is { IsOptional: true, RefTable: not null } => new("RowRef", null),
        _ => throw Unmodelled(column),
    };

    private static ColumnType Optional(ColumnType scalar) =>
        new(scalar.Clr + "?", scalar.Codec is null ? null : "Optional" + scalar.Codec);

    private static InvalidDataException Unmodelled(ColumnSchema column) => new($"Column {column.Name}: no model for {column.Describe()}.");
}
