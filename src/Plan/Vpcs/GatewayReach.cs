using Sluice.Api;
using Sluice.Plan.ProviderNetworks;

namespace Sluice.Plan.Vpcs;

/// <summary>The provider network that an external subnet is on.</summary>
public sealed record ExternalNetwork(string Subnet, ProviderNetwork Network);

/// <summary>Whether packets pass between a gateway node and an external network, from the best to the worst.</summary>
internal enum GatewayReach
{
    /// <summary>The node's agent says that they do.</summary>
    Works,

    /// <summary>Nobody says anything, as of a node that is new.</summary>
    Unknown,

    /// <summary>The node's agent says why they do not.</summary>
    Broken,

    /// <summary>The node is not part of the provider network, and its agent sees to that.</summary>
    Excluded,
}

internal static class GatewayReaches
{
    /// <param name="network">Null when it is not known which it is; then nothing is known of any node.</param>
    public static GatewayReach Of(GatewayNode node, ProviderNetwork? network)
    {
        if (network is null) return GatewayReach.Unknown;
        if (!ProviderNetworkPlan.Includes(network, node.Name, node.Metadata.Labels)) return GatewayReach.Excluded;
        if (node.Metadata.Label(Names.Labels.ProviderNetworkReady(network.Metadata.Name)) == "true") return GatewayReach.Works;
        return ErrorOf(node, network) is null ? GatewayReach.Unknown : GatewayReach.Broken;
    }

    /// <summary>Why none of the nodes reaches the network; null when one may.</summary>
    public static string? Problem(IEnumerable<GatewayNode> nodes, ProviderNetwork? network)
    {
        if (network is null) return null;
        var problems = new List<string>();
        foreach (var node in nodes.OrderBy(node => node.Name, StringComparer.Ordinal))
        {
            var reach = Of(node, network);
            if (reach is GatewayReach.Works or GatewayReach.Unknown) return null;
            problems.Add(reach == GatewayReach.Excluded ? $"{node.Name} is not part of it" : $"{node.Name}: {ErrorOf(node, network)}");
        }
        return problems.Count == 0 ? null : $"no gateway node reaches ProviderNetwork \"{network.Metadata.Name}\" ({string.Join("; ", problems)})";
    }

    private static string? ErrorOf(GatewayNode node, ProviderNetwork network) =>
        node.Metadata.Annotation(Names.Annotations.ProviderNetworkError(network.Metadata.Name));
}
