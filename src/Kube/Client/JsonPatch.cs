using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.Kube;

/// <summary>
/// Operations of RFC 6902. Paths are JSON pointers (RFC 6901); <see cref="Pointer"/> escapes names such as
/// <c>ovn.kubernetes.io/vpc</c>.
/// </summary>
public sealed class JsonPatch
{
    private readonly JsonArray _operations = [];

    public int Count => _operations.Count;

    /// <summary>A pointer to the value below these property names and list positions.</summary>
    public static string Pointer(params ReadOnlySpan<string> path)
    {
        var pointer = new StringBuilder();
        foreach (var segment in path)
        {
            pointer.Append('/').Append(segment
                .Replace("~", "~0", StringComparison.Ordinal)
                .Replace("/", "~1", StringComparison.Ordinal));
        }

        return pointer.ToString();
    }

    /// <summary>The whole patch is refused unless the value is there and equal.</summary>
    public JsonPatch Test(string path, JsonNode? value) => With("test", path, value);

    /// <summary>Adds or replaces a property, or inserts into a list (<c>-</c> is its end).</summary>
    public JsonPatch Add(string path, JsonNode? value) => With("add", path, value);

    /// <summary>Replaces a value that must exist.</summary>
    public JsonPatch Replace(string path, JsonNode? value) => With("replace", path, value);

    /// <summary>Removes a value that must exist.</summary>
    public JsonPatch Remove(string path)
    {
        _operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = path });
        return this;
    }

    public override string ToString() => _operations.ToJsonString();

    internal ReadOnlyMemory<byte> ToJson() => Encoding.UTF8.GetBytes(ToString());

    private JsonPatch With(string operation, string path, JsonNode? value)
    {
        _operations.Add((JsonNode)new JsonObject { ["op"] = operation, ["path"] = path, ["value"] = value?.DeepClone() });
        return this;
    }
}
