using Sluice.Agent.Netlink;
using Sluice.Agent.Nodes;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Cni.Wire;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>Collects what decides about a pod's interface: caches, and the MTU of the tunnel interface.</summary>
internal sealed class PodNetworkGatherer(Informer<Subnet> subnets, NodeWriter node, OvsDatabase ovs, NetworkNamespace host, AgentOptions options)
{
    public async Task<PodNetworkInput> GatherAsync(AttachmentRequest request, Pod pod)
    {
        var subnet = pod.Metadata.Annotation(PodAnnotations.Default.LogicalSwitch);
        return new PodNetworkInput
        {
            Request = request,
            Pod = pod,
            Subnet = subnet is null ? null : subnets.Snapshot.Find(subnet),
            NodeLabels = node.Node?.Metadata.Labels,
            DefaultMtu = await DefaultMtuAsync(),
            IsUserspaceDatapath = ovs.Current.IsUserspace,
        };
    }

    /// <summary>What <c>--mtu</c> says, or what the tunnel interface has left once the tunnel took its part.</summary>
    /// <exception cref="CniFailureException">There is no tunnel interface yet.</exception>
    public async Task<int> DefaultMtuAsync()
    {
        if (options.Mtu > 0)
            return options.Mtu;
        const int Ipv6Extra = 20;
        var encapsulation = ovs.Current.ExternalId(OvsIds.EncapIp)?.Split(',')[0];
        var isIpv6 = encapsulation is not null && encapsulation.Contains(':', StringComparison.Ordinal);
        var tunnel = await host.RunAsync(() => FindTunnel(encapsulation));
        return tunnel is not null
            ? tunnel.Mtu - options.TunnelOverhead - (isIpv6 ? Ipv6Extra : 0)
            : throw CniFailureException.TryAgainLater(
                $"no tunnel interface: --iface is \"{options.TunnelInterface}\", Open_vSwitch external_ids:{OvsIds.EncapIp} is \"{encapsulation}\"");
    }

    private LinkEntry? FindTunnel(string? encapsulation)
    {
        using var netlink = RtNetlink.Open();
        if (options.TunnelInterface.Length > 0)
            return netlink.Link(options.TunnelInterface);
        return IpAddress.TryParse(encapsulation, out var address) && netlink.Addresses().FirstOrDefault(entry => entry.Address == address) is { } holder
            ? netlink.Link(holder.Index)
            : null;
    }
}
