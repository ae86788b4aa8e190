using Sluice.Agent.Attachments;
using Sluice.Agent.Netlink;
using Sluice.Agent.Nodes;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.NodePorts;

/// <summary>Collects what decides about the node port: caches, and a look at the interface.</summary>
internal sealed class NodePortGatherer(
    Informer<Subnet> subnets, NodeWriter node, OvsDatabase ovs, PodNetworkGatherer pods, AgentOptions options, NetworkNamespace host)
{
    /// <summary>Null before the informer knows the node.</summary>
    public async Task<NodePortInput?> GatherAsync()
    {
        if (node.Node is not { } self)
            return null;
        var mtu = await pods.DefaultMtuAsync();
        return await host.RunAsync(() => Gather(self, mtu));
    }

    private NodePortInput Gather(Node self, int mtu)
    {
        using var netlink = RtNetlink.Open();
        var link = netlink.Link(NodePortPlan.LinkName);
        var addresses = netlink.Addresses();
        return new NodePortInput
        {
            Node = self,
            Ovs = ovs.Current,
            Link = link,
            Mtu = mtu,
            Addresses = [.. addresses.Where(address => address.Index == link?.Index && address.Scope < Rtm.RouteValue.ScopeLink).Select(address => address.Key)],
            Routes = link is null ? [] : [.. netlink.Routes().Where(route => IsOurs(route, link)).Select(route => new NodeRoute(route.Destination, route.Gateway, route.PreferredSource))],
            OverlayCidrs = [.. subnets.Snapshot.All.Where(IsReached).SelectMany(OverlaySubnets.Cidrs)],
            SourceAddresses = [.. NodeAddresses.Of(self).Where(wanted => addresses.Any(address => address.Address == wanted))],
        };
    }

    /// <summary>Whether the node has a route to a subnet: its own needs none.</summary>
    private bool IsReached(Subnet subnet) => subnet.Metadata.Name != options.NodeSwitch && OverlaySubnets.Includes(subnet, options);

    private static bool IsOurs(RouteEntry route, LinkEntry link) =>
        route.Table == Rtm.RouteValue.TableMain && route.Protocol == Rtm.RouteValue.ProtocolStatic && route.Interfaces is [var only] && only == link.Index;
}
