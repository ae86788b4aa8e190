using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Cni.Wire;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>Looks whether an attachment is as it was made (CNI CHECK). Changes nothing.</summary>
internal sealed class AttachmentChecker(AttachmentLinks links, OvsDatabase ovs)
{
    /// <exception cref="CniFailureException">Something is missing or different; the message says what.</exception>
    public async Task CheckAsync(AttachmentRequest request)
    {
        var id = new AttachmentId(request.ContainerId, request.IfName);
        var name = HostLink.Name(id);
        var current = ovs.Current;
        if (AttachmentOperations.Find(current, id).FirstOrDefault() is not { Row: not null } port)
            throw new CniFailureException(CniErrorCode.UnknownContainer, $"container {id.ContainerId} has no port in OVS for {id.IfName}");
        if (current.Port(port.Name) is not { } row || current.IntegrationBridge is not { } bridge || !bridge.Has(row))
            throw CniFailureException.CheckFailed($"port {port.Name} is not in br-int");
        if (port.Error is { } error)
            throw CniFailureException.CheckFailed($"ovs-vswitchd can not open {port.Name}: {error}");
        if (!port.IsInstalled)
            throw CniFailureException.CheckFailed($"ovn-controller has not installed port {port.ExternalIds.Get(OvsIds.IfaceId)}");
        if (await links.FindAsync(name) is not { IsUp: true } hostEnd)
            throw CniFailureException.CheckFailed($"interface {name} of the host is missing or down");
        await CheckPodAsync(request, hostEnd);
    }

    private static async Task CheckPodAsync(AttachmentRequest request, LinkEntry hostEnd)
    {
        try
        {
            await NetworkNamespace.At(request.NetNs).RunAsync(() =>
            {
                using var netlink = RtNetlink.Open();
                Check(netlink, request, hostEnd);
            });
        }
        catch (NamespaceGoneException e)
        {
            throw new CniFailureException(CniErrorCode.UnknownContainer, e.Message, e);
        }
    }

    private static void Check(RtNetlink netlink, AttachmentRequest request, LinkEntry hostEnd)
    {
        var expected = request.Expected ?? new AttachmentResult();
        if (netlink.Link(request.IfName) is not { IsUp: true } link || link.Index != hostEnd.PeerIndex)
            throw CniFailureException.CheckFailed($"interface {request.IfName} of the pod is missing, down, or not the one that was made");
        if (expected.MacAddress.Length > 0 && (!MacAddress.TryParse(expected.MacAddress, out var mac) || link.Mac != mac))
            throw CniFailureException.CheckFailed($"interface {request.IfName} has address {link.Mac}, not {expected.MacAddress}");
        var addresses = netlink.Addresses(link.Index).Select(address => $"{address.Address}/{address.PrefixLength}").ToHashSet();
        if (expected.Ips.FirstOrDefault(ip => !addresses.Contains(Canonical(ip.Cidr))) is { } missing)
            throw CniFailureException.CheckFailed($"interface {request.IfName} has no address {missing.Cidr}");
        var routes = netlink.Routes().Where(route => route.Interfaces.Contains(link.Index)).ToList();
        if (expected.Routes.FirstOrDefault(route => !routes.Exists(present => Is(present, route))) is { } lost)
            throw CniFailureException.CheckFailed($"interface {request.IfName} has no route to {lost.Dst}");
    }

    private static bool Is(RouteEntry present, Route wanted) =>
        Cidr.TryParse(wanted.Dst, out var destination) && present.Destination == destination
        && (wanted.Gw is not { Length: > 0 } gateway || present.Gateway?.ToString() == Canonical(gateway));

    /// <summary>The one way we write an address, with or without its prefix length.</summary>
    private static string Canonical(string text)
    {
        var parts = text.Split('/', 2);
        return IpAddress.TryParse(parts[0], out var address) ? string.Join('/', [address.ToString(), .. parts[1..]]) : text;
    }
}
