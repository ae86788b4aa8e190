using Sluice.Agent.Netlink;
using Sluice.Cni.Wire;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>Tells the plugin what was made.</summary>
internal static class AttachmentResults
{
    public static AttachmentResult Of(AttachmentRequest request, PodNetwork network, LinkEntry hostEnd) => new()
    {
        Ips = [.. network.Addresses.Select(address => new AttachmentIp(
            address.Address.Family == IpFamily.V4 ? "IPv4" : "IPv6",
            address.Address.ToString(),
            $"{address.Address}/{address.PrefixLength}",
            address.Gateway?.ToString() ?? ""))],
        MacAddress = network.Mac.ToString(),
        Routes = [.. network.Routes.Select(route => new Route(route.Destination.ToString(), route.Gateway?.ToString()))],
        Mtu = network.Mtu,
        NicName = request.IfName,
        HostNicName = hostEnd.Name,
        HostMacAddress = hostEnd.Mac?.ToString() ?? "",
        Dns = request.Dns,
    };
}
