using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Plan.Nodes;

/// <summary>
/// Which nodes are external gateways. The ConfigMap names nodes, or all of them; a label that somebody else put on a node is theirs
/// to remove, so ours is marked.
/// </summary>
public static class ExternalGatewayLabels
{
    /// <summary>On Node: its gateway label follows the ConfigMap.</summary>
    public const string FromConfig = "ovn.kubernetes.io/external-gw-config";

    /// <param name="config">The data of the ConfigMap; null when there is none.</param>
    public static (IEnumerable<KeyValuePair<string, string?>> Labels, IEnumerable<KeyValuePair<string, string?>> Annotations) For(
        Node node, IReadOnlyDictionary<string, string>? config)
    {
        var label = node.Metadata.Label(Names.Labels.ExternalGateway);
        if (IsNamed(node, config))
            return label == "true" ? ([], []) : ([new(Names.Labels.ExternalGateway, "true")], [new(FromConfig, "true")]);
        return node.Metadata.Annotation(FromConfig) == "true"
            ? ([new(Names.Labels.ExternalGateway, "false")], [new(FromConfig, null)])
            : ([], []);
    }

    private static bool IsNamed(Node node, IReadOnlyDictionary<string, string>? config)
    {
        if (config is null || config.GetValueOrDefault(ExternalGatewayConfig.Enable) == "false") return false;
        if (config.GetValueOrDefault(ExternalGatewayConfig.Type) == GatewayTypes.Distributed) return true;
        return (config.GetValueOrDefault(ExternalGatewayConfig.Nodes) ?? "")
            .Split(',', StringSplitOptions.TrimEntries)
            .Contains(node.Metadata.Name);
    }
}
