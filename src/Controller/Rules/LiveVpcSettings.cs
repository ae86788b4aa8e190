using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Rules;

/// <summary>What plans of VPCs are told of flags, of the ConfigMap of the external gateway and of the database server, as of now.</summary>
/// <param name="flags">What the flags say.</param>
/// <param name="northbound">Asked what the database server can do; null when nothing depends on it.</param>
public sealed class LiveVpcSettings(Cluster cluster, VpcSettings flags, Func<NorthboundSnapshot>? northbound)
{
    private volatile VpcSettings? _last;

    /// <summary>The same instance while nothing in it changes.</summary>
    public VpcSettings Current
    {
        get
        {
            var last = _last ?? flags;
            var settings = last with
            {
                Capabilities = northbound is null
                    ? last.Capabilities
                    : last.Capabilities with { NatGatewayPort = northbound().Supports("NAT", "gateway_port") },
                Gateway = flags.EnableEipSnat ? ReadGateway() : null,
            };
            return settings == last ? last : _last = settings;
        }
    }

    /// <summary>The ConfigMap of the external gateway; null when there is none.</summary>
    public ConfigMap? GatewayConfig => cluster.ConfigMaps.Snapshot.All.FirstOrDefault();

    /// <summary>The provider network of an external subnet, that of the flags where there is no Subnet; null when nobody knows.</summary>
    public string? ProviderOf(string externalSubnet)
    {
        if (cluster.Subnets.Find(externalSubnet) is { } subnet)
            return cluster.Vlans.Find(subnet.Spec.Vlan) is { } vlan ? VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork) : null;
        return externalSubnet == flags.DefaultExternalSubnet ? flags.ExternalProvider : null;
    }

    private ExternalGateway? ReadGateway() => ExternalGatewayReader.Read(new(
        GatewayConfig is { } map ? map.Data ?? new Dictionary<string, string>() : null,
        cluster.Vpcs.Find(flags.DefaultVpc)?.Metadata.Annotation(ExternalGatewayReader.AcceptedAnnotation),
        flags.DefaultExternalSubnet,
        cluster.Subnets.Find(flags.DefaultExternalSubnet),
        name => cluster.Nodes.Find(name) is { Metadata.IsDeleting: false },
        () => cluster.Nodes.Snapshot.All.Where(node => !node.Metadata.IsDeleting).Select(node => node.Metadata.Name),
        BridgeErrorOf));

    private string? BridgeErrorOf(string node) => ProviderOf(flags.DefaultExternalSubnet) is { } provider
        ? cluster.Nodes.Find(node)?.Metadata.Annotation(Names.Annotations.ProviderNetworkError(provider))
        : null;
}
