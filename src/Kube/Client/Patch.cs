using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Kube;

public enum PatchType
{
    /// <summary>A list of operations, all or nothing (RFC 6902).</summary>
    Json,

    /// <summary>Given fields replace, nulls remove, lists are replaced whole (RFC 7396).</summary>
    Merge,

    /// <summary>Server-side apply: the given fields become the field manager's, those it no longer gives are removed.</summary>
    Apply,
}

/// <summary>A change to an object that leaves alone what it does not mention.</summary>
public sealed record Patch
{
    private Patch(PatchType type, ReadOnlyMemory<byte> body)
    {
        Type = type;
        Body = body;
    }

    public PatchType Type { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>On whose behalf fields are owned; apply requires it.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Apply only: take over fields that another manager owns, instead of failing with a conflict.</summary>
    public bool Force { get; init; }

    internal string ContentType => Type switch
    {
        PatchType.Json => "application/json-patch+json",
        PatchType.Merge => "application/merge-patch+json",
        _ => "application/apply-patch+yaml",
    };

    public static Patch Json(JsonPatch operations) => new(PatchType.Json, operations.ToJson());

    public static Patch Merge(JsonObject fields) => new(PatchType.Merge, Bytes(fields));

    /// <summary>Applies an object that names itself and the fields to own; it must have <c>apiVersion</c> and <c>kind</c>.</summary>
    public static Patch Apply(JsonObject fields, string fieldManager, bool force = false) =>
        new(PatchType.Apply, Bytes(fields)) { FieldManager = fieldManager, Force = force };

    /// <inheritdoc cref="Apply(JsonObject, string, bool)"/>
    public static Patch Apply<T>(ResourceType<T> type, T fields, string fieldManager, bool force = false)
        where T : KubeObject =>
        new(PatchType.Apply, JsonSerializer.SerializeToUtf8Bytes(type.Typed(fields), type.Json)) { FieldManager = fieldManager, Force = force };

    public override string ToString() => $"{Type} {Encoding.UTF8.GetString(Body.Span)}";

    private static byte[] Bytes(JsonObject fields) => Encoding.UTF8.GetBytes(fields.ToJsonString());
}
