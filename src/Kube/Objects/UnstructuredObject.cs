using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sluice.Kube;

/// <summary>
/// An object of any kind: metadata typed, everything else as JSON. For tools and for kinds that are only passed
/// through; controllers should model what they read.
/// </summary>
[JsonConverter(typeof(UnstructuredObjectConverter))]
public sealed record UnstructuredObject : KubeObject
{
    /// <summary>All top-level fields but <c>apiVersion</c>, <c>kind</c> and <c>metadata</c>.</summary>
    public JsonObject Fields { get; init; } = [];

    /// <summary>The value at a path of property names, or null where one is absent.</summary>
    public JsonNode? this[params ReadOnlySpan<string> path]
    {
        get
        {
            JsonNode? node = Fields;
            foreach (var name in path)
                node = (node as JsonObject)?[name];
            return node;
        }
    }
}
