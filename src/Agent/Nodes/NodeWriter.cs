using System.Text.Json.Nodes;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Nodes;

/// <summary>Writes labels and annotations of the agent's own Node, only what differs from what the informer knows.</summary>
internal sealed class NodeWriter(KubeClient client, Informer<Node> nodes, string nodeName)
{
    /// <summary>Null before the informer knows the node.</summary>
    public Node? Node => nodes.Snapshot.Find(nodeName);

    /// <param name="labels">Wanted values; null for a label that shall not be there. Others are left alone.</param>
    /// <param name="annotations">Likewise.</param>
    /// <returns>Whether anything had to be written.</returns>
    public async Task<bool> ApplyAsync(
        IReadOnlyDictionary<string, string?> labels, IReadOnlyDictionary<string, string?> annotations, CancellationToken ct)
    {
        if (Node is not { } node)
            return false;
        var metadata = new JsonObject();
        AddDifferences(metadata, "labels", node.Metadata.Labels, labels);
        AddDifferences(metadata, "annotations", node.Metadata.Annotations, annotations);
        if (metadata.Count == 0)
            return false;
        var patch = Patch.Merge(new JsonObject { ["metadata"] = metadata });
        nodes.Observe(await client.PatchAsync(CoreResources.Nodes, ns: null, nodeName, patch, cancellationToken: ct));
        return true;
    }

    private static void AddDifferences(
        JsonObject metadata, string field, IReadOnlyDictionary<string, string>? current, IReadOnlyDictionary<string, string?> wanted)
    {
        var differences = new JsonObject();
        foreach (var (key, value) in wanted)
        {
            if (current?.GetValueOrDefault(key) != value)
                differences[key] = value;
        }
        if (differences.Count > 0)
            metadata[field] = differences;
    }
}
