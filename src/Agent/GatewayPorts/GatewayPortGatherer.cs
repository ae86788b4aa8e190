using Sluice.Agent.Attachments;
using Sluice.Agent.Netlink;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>Collects what decides about the gateway port: caches, and a look at both namespaces.</summary>
internal sealed class GatewayPortGatherer(
    Informer<OvnEip> eips, Informer<Subnet> subnets, Informer<Vpc> vpcs, OvsDatabase ovs, PodNetworkGatherer pods, AgentOptions options, NetworkNamespace host)
{
    private readonly NetworkNamespace _inside = NetworkNamespace.At(options.GatewayNamespacePath);

    public async Task<GatewayPortInput> GatherAsync()
    {
        var eip = eips.Snapshot.Find(options.NodeName);
        var subnet = eip is null ? "" : AddressHome.Of(eip, options.ExternalGatewaySwitch);

        // An interface that ovs-vswitchd had made by then is in one of the namespaces when they are looked at after it.
        var current = ovs.Current;
        return new GatewayPortInput
        {
            Eip = eip,
            Subnet = subnets.Snapshot.Find(subnet),
            RouterEips = [.. vpcs.Snapshot.All.Where(UsesNextHops).Select(vpc => eips.Snapshot.Find(Names.RouterPort(vpc.Metadata.Name, subnet))).OfType<OvnEip>().Where(IsRouters)],
            Ovs = current,
            Mtu = eip is null ? 0 : await pods.DefaultMtuAsync(),
            HostLink = await host.RunAsync(FindLink),
            Inside = _inside.Exists ? await _inside.RunAsync(Look) : null,
        };
    }

    /// <summary>Subnets of the default VPC leave through their nodes, so that it has no use for other ones.</summary>
    private bool UsesNextHops(Vpc vpc) => vpc is { Spec.EnableBfd: true, Metadata.IsDeleting: false } && vpc.Metadata.Name != options.ClusterRouter;

    private static bool IsRouters(OvnEip eip) => eip is { Spec.Type: EipTypes.Lrp, Metadata.IsDeleting: false };

    private static LinkEntry? FindLink()
    {
        using var netlink = RtNetlink.Open();
        return netlink.Link(GatewayPortPlan.LinkName);
    }

    private static GatewayNamespace Look()
    {
        using var netlink = RtNetlink.Open();
        var link = netlink.Link(GatewayPortPlan.LinkName);
        return new GatewayNamespace(
            link,
            link is null ? [] : [.. netlink.Addresses(link.Index).Where(address => address.Scope < Rtm.RouteValue.ScopeLink).Select(address => address.Key)],
            link is null ? [] : [.. netlink.Routes().Where(route => IsDefault(route, link)).Select(route => route.Gateway).OfType<IpAddress>()],
            GatewayForwarding.On,
            netlink.Link("lo")?.Alias == GatewayPortPlan.NamespaceMark);
    }

    private static bool IsDefault(RouteEntry route, LinkEntry link) =>
        route.Table == Rtm.RouteValue.TableMain && route.Destination.PrefixLength == 0 && route.Interfaces is [var only] && only == link.Index;
}
