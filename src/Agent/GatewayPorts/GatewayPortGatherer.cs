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
    Informer<OvnEip> eips, Informer<Subnet> subnets, OvsDatabase ovs, PodNetworkGatherer pods, AgentOptions options, NetworkNamespace host)
{
    private readonly NetworkNamespace _inside = NetworkNamespace.At(options.GatewayNamespacePath);

    public async Task<GatewayPortInput> GatherAsync()
    {
        var eip = eips.Snapshot.Find(options.NodeName);
        var subnet = eip is null ? "" : AddressHome.Of(eip, options.ExternalGatewaySwitch);
        return new GatewayPortInput
        {
            Eip = eip,
            Subnet = subnets.Snapshot.Find(subnet),
            RouterEips = [.. eips.Snapshot.All.Where(other => IsRouters(other) && AddressHome.Of(other, options.ExternalGatewaySwitch) == subnet)],
            Ovs = ovs.Current,
            Mtu = eip is null ? 0 : await pods.DefaultMtuAsync(),
            HostLink = await host.RunAsync(FindLink),
            Inside = _inside.Exists ? await _inside.RunAsync(Look) : null,
        };
    }

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
            GatewayForwarding.IsOn);
    }

    private static bool IsDefault(RouteEntry route, LinkEntry link) =>
        route.Table == Rtm.RouteValue.TableMain && route.Destination.PrefixLength == 0 && route.Interfaces is [var only] && only == link.Index;
}
