using Sluice.Agent.Netlink;
using Sluice.Agent.Nodes;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>Collects what decides about a provider network: caches, and a look at the host's interfaces.</summary>
internal sealed class ProviderNetworkGatherer(
    Informer<ProviderNetwork> networks,
    Informer<Vlan> vlans,
    Informer<Subnet> subnets,
    Informer<ConfigMap> configs,
    NodeWriter node,
    OvsDatabase ovs,
    NetworkNamespace host,
    AgentOptions options)
{
    public async Task<ProviderNetworkInput> GatherAsync(string name)
    {
        var links = await host.RunAsync(() =>
        {
            using var netlink = RtNetlink.Open();
            return netlink.Links();
        });
        return new ProviderNetworkInput
        {
            Name = name,
            Network = networks.Snapshot.Find(name) ?? Implied(name),
            NodeName = options.NodeName,
            Node = node.Node,
            VlanIds = [.. vlans.Snapshot.All.Where(vlan => ProviderOf(vlan) == name).Select(VlanPlan.TagOf).Distinct().Order()],
            Adrift = subnets.Snapshot.All.Where(IsAdrift).Select(subnet => Api.Names.LocalnetPort(subnet.Metadata.Name)).ToHashSet(StringComparer.Ordinal),
            HasDistributedRouter = subnets.Snapshot.All.Any(subnet => SubnetPorts.HasRouterPort(subnet) && NetworkOf(subnet) == name),
            Ovs = ovs.Current,
            Links = links,
            MacLearningFallback = options.MacLearningFallback,
        };
    }

    /// <summary>The provider network of a VLAN.</summary>
    public string ProviderOf(Vlan vlan) => VlanPlan.ProviderOf(vlan, options.DefaultProviderName);

    /// <summary>The provider networks that a subnet may concern: that of its Vlan; any, when that is not known.</summary>
    public IEnumerable<string> NetworksOf(Subnet subnet) => IsAdrift(subnet) ? Names() : NetworkOf(subnet) is { } name ? [name] : [];

    /// <summary>The provider network that a subnet is in; null for one that is in none.</summary>
    private string? NetworkOf(Subnet subnet) =>
        !string.IsNullOrEmpty(subnet.Spec.Vlan) && vlans.Snapshot.Find(subnet.Spec.Vlan) is { } vlan ? ProviderOf(vlan) : null;

    private bool IsAdrift(Subnet subnet) => !string.IsNullOrEmpty(subnet.Spec.Vlan) && vlans.Snapshot.Find(subnet.Spec.Vlan) is null;

    /// <summary>Every provider network that is, or that left something on this node.</summary>
    public IEnumerable<string> Names()
    {
        const string LabelSuffix = ".provider-network.kubernetes.io/ready";
        var current = ovs.Current;
        var objects = networks.Snapshot.All.Select(network => network.Metadata.Name);
        string[] implied = Implied(options.ExternalGatewaySwitch) is null ? [] : [options.ExternalGatewaySwitch];
        var bridges = current.Root is null ? [] : current.Bridges.Select(bridge => ProviderNetworkPlanner.NetworkOf(current, bridge)).OfType<string>();
        var exchanged = NameMap.Parse(current.ExternalId(OvsIds.ExchangedLinks)).Entries.Select(entry => entry.Key);
        var labels = (node.Node?.Metadata.Labels?.Keys ?? []).Where(key => key.EndsWith(LabelSuffix, StringComparison.Ordinal)).Select(key => key[..^LabelSuffix.Length]);
        return objects.Concat(implied).Concat(bridges).Concat(exchanged).Concat(labels).Distinct(StringComparer.Ordinal);
    }

    /// <summary>What the ConfigMap of the external gateway asks for where there is no ProviderNetwork: the NIC of gateway nodes in a bridge.</summary>
    private ProviderNetwork? Implied(string name)
    {
        if (name != options.ExternalGatewaySwitch || configs.Snapshot.All.FirstOrDefault()?.Data is not { } data)
            return null;
        if (data.GetValueOrDefault(ExternalGatewayConfig.Enable) == "false" || data.GetValueOrDefault(ExternalGatewayConfig.Nic) is not { Length: > 0 } nic)
            return null;
        var gateways = new LabelSelector { MatchLabels = new Dictionary<string, string> { [Api.Names.Labels.ExternalGateway] = "true" } };
        return new ProviderNetwork { Metadata = new() { Name = name }, Spec = new() { DefaultInterface = nic, NodeSelector = gateways } };
    }
}
