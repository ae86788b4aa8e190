using System.Text.Json.Serialization;

namespace Sluice.Controller.Audit;

/// <summary>One object or northbound row that would be written.</summary>
/// <param name="Where"><c>API</c> or <c>NB</c>.</param>
/// <param name="Owner">Whose plan asks for it, as <c>KIND/NAME</c>; an object is its own.</param>
/// <param name="What">What would be written: an object's kind or a row's table, and what would be done.</param>
/// <param name="Fields">What would change in it, in a stable order.</param>
public sealed record AuditChange(string Where, string Owner, string What, IReadOnlyList<AuditField> Fields)
{
    public const string Api = "API";

    public const string Northbound = "NB";

    public override string ToString() => string.Join('\n', [$"{Where} {Owner}: {What}", .. Fields.Select(field => $"    {field}")]);
}

/// <param name="Name">A column, or a path in an object.</param>
/// <param name="Old">Null when there is nothing.</param>
/// <param name="New">Null when there would be nothing.</param>
public sealed record AuditField(string Name, string? Old, string? New)
{
    public override string ToString() => $"{Name}: {Old ?? "nothing"} -> {New ?? "nothing"}";
}

/// <summary>The serializer for what is printed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<AuditChange>))]
internal sealed partial class AuditJsonContext : JsonSerializerContext;
