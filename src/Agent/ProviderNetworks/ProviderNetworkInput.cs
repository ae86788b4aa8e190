using System.Collections.Immutable;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>All that decides what a provider network is on this node.</summary>
internal sealed record ProviderNetworkInput
{
    public required string Name { get; init; }

    /// <summary>Null when there is no such object, or no longer.</summary>
    public ProviderNetwork? Network { get; init; }

    public required string NodeName { get; init; }

    /// <summary>Null while there is no such Node.</summary>
    public Node? Node { get; init; }

    /// <summary>The tags of the network's Vlan objects; those that are none are ignored. Empty when no Vlan is on it.</summary>
    public IReadOnlyList<int> VlanIds { get; init; } = [];

    /// <summary>
    /// The localnet ports of subnets whose Vlan is not known, because it was taken away by force. What network they are on only the bridge
    /// can tell, where ovn-controller has put their ports.
    /// </summary>
    public IReadOnlySet<string> Adrift { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>Whether a router's port in a subnet of this network is on all nodes at once, not on one gateway node at a time.</summary>
    public bool HasDistributedRouter { get; init; }

    public required OvsSnapshot Ovs { get; init; }

    /// <summary>The host's interfaces.</summary>
    public required IReadOnlyList<LinkEntry> Links { get; init; }

    /// <summary>See <see cref="Options.AgentOptions.MacLearningFallback"/>.</summary>
    public bool MacLearningFallback { get; init; }

    /// <summary>Whether the node's label says that the network works here.</summary>
    public bool IsReportedReady => Node?.Metadata.Label(Names.Labels.ProviderNetworkReady(Name)) == "true";

    public LinkEntry? Link(string name) => Links.FirstOrDefault(link => link.Name == name);
}
