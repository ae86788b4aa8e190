using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Nodes;

/// <summary>
/// Which nodes are external gateways. The ConfigMap names nodes, or all of them; a label that somebody else put on a node is theirs
/// to remove, so ours is marked.
/// </summary>
public static class ExternalGatewayLabels
{
    /// <summary>On Node: its gateway label follows the ConfigMap.</summary>
    public const string FromConfig = "ovn.kubernetes.io/external-gw-config";

    /// <param name="gateway">What the ConfigMap asks for; null when it asks for nothing.</param>
    public static (IEnumerable<KeyValuePair<string, string?>> Labels, IEnumerable<KeyValuePair<string, string?>> Annotations) For(
        Node node, ExternalGateway? gateway)
    {
        var label = node.Metadata.Label(Names.Labels.ExternalGateway);
        if (gateway?.Includes(node.Metadata.Name) == true)
            return label == "true" ? ([], []) : ([new(Names.Labels.ExternalGateway, "true")], [new(FromConfig, "true")]);
        return node.Metadata.Annotation(FromConfig) == "true"
            ? ([new(Names.Labels.ExternalGateway, "false")], [new(FromConfig, null)])
            : ([], []);
    }
}
