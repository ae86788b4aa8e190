using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Api;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>All that decides what a provider network is on this node.</summary>
internal sealed record ProviderNetworkInput
{
    public required string Name { get; init; }

    /// <summary>Null when there is no such object, or no longer.</summary>
    public ProviderNetwork? Network { get; init; }

    public required string NodeName { get; init; }

    public IReadOnlyDictionary<string, string>? NodeLabels { get; init; }

    /// <summary>The tags of the network's Vlan objects; those that are none are ignored.</summary>
    public IReadOnlyList<int> VlanIds { get; init; } = [];

    /// <summary>Whether a router's port in a subnet of this network is on all nodes at once, not on one gateway node at a time.</summary>
    public bool HasDistributedRouter { get; init; }

    public required OvsSnapshot Ovs { get; init; }

    /// <summary>The host's interfaces.</summary>
    public required IReadOnlyList<LinkEntry> Links { get; init; }

    /// <summary>See <see cref="Options.AgentOptions.MacLearningFallback"/>.</summary>
    public bool MacLearningFallback { get; init; }

    public LinkEntry? Link(string name) => Links.FirstOrDefault(link => link.Name == name);
}
