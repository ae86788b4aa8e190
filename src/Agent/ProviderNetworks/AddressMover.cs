using Sluice.Agent.Netlink;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>
/// Moves what makes a NIC an interface of the host, its addresses and routes, to the bridge it was put into, and back.
/// Everything is added there before it is removed here, so that it can be interrupted anywhere and be done again.
/// </summary>
internal static class AddressMover
{
    /// <summary>Call in the namespace of the links, which are up.</summary>
    /// <returns>Whether there was anything to move.</returns>
    /// <exception cref="NetlinkException">The kernel refused; nothing was removed from <paramref name="from"/>.</exception>
    public static bool Move(RtNetlink netlink, LinkEntry from, LinkEntry to)
    {
        var addresses = netlink.Addresses(from.Index).Where(IsMovable).ToList();
        var routes = netlink.Routes().Where(route => IsMovable(route, from)).OrderBy(route => route.Gateway is not null).ToList();
        if (addresses.Count == 0 && routes.Count == 0)
            return false;
        AddAddresses(netlink, addresses, from, to);
        AddRoutes(netlink, routes, from, to);
        Remove(netlink, addresses, routes);
        return true;
    }

    /// <summary>The kernel makes link-local addresses of IPv6, and temporary ones, itself.</summary>
    private static bool IsMovable(AddressEntry address) =>
        address.Address.Family == IpFamily.V4 || (address.Scope < Rtm.RouteValue.ScopeLink && !address.IsTemporary);

    /// <summary>Routes of the kernel follow from the addresses; advertised ones are learned anew by the interface that has them.</summary>
    private static bool IsMovable(RouteEntry route, LinkEntry link) =>
        route.Interfaces.Contains(link.Index)
        && route.Table != Rtm.RouteValue.TableLocal
        && route.Protocol is not (Rtm.RouteValue.ProtocolKernel or Rtm.RouteValue.ProtocolRouterAdvertisement);

    private static void AddAddresses(RtNetlink netlink, List<AddressEntry> addresses, LinkEntry from, LinkEntry to)
    {
        var present = netlink.Addresses(to.Index).Select(address => address.Key).ToHashSet();
        var batch = new NetlinkBatch();
        foreach (var address in addresses.Where(address => !present.Contains(address.Key)))
            address.AddTo(batch, to.Index, LabelOn(to, address, from));

        // They were ours a moment ago, nobody else can have them: no second of silence while the kernel asks around.
        var detection = Sysctl.Read("ipv6", to.Name, "accept_dad");
        try
        {
            if (detection is not null)
                Sysctl.Write("ipv6", to.Name, "accept_dad", "0");
            netlink.Execute(batch);
        }
        finally
        {
            if (detection is not null)
                Sysctl.Write("ipv6", to.Name, "accept_dad", detection);
        }
    }

    /// <summary>An IPv4 address without a label of its own has its interface's name as label.</summary>
    private static string? LabelOn(LinkEntry to, AddressEntry address, LinkEntry from) =>
        address.Label.Length == 0 ? null : address.Label == from.Name ? to.Name : address.Label;

    private static void AddRoutes(RtNetlink netlink, List<RouteEntry> routes, LinkEntry from, LinkEntry to)
    {
        var batch = new NetlinkBatch();
        foreach (var route in routes)
            route.AddThrough(batch, from.Index, to.Index);
        if (netlink.Try(batch).FirstOrDefault(failure => !failure.IsExists) is { } refused)
            throw refused;
    }

    private static void Remove(RtNetlink netlink, List<AddressEntry> addresses, List<RouteEntry> routes)
    {
        var batch = new NetlinkBatch();
        foreach (var route in routes)
            route.Delete(batch);

        // Last first: a primary address takes its secondaries with it.
        foreach (var address in addresses.AsEnumerable().Reverse())
            address.Delete(batch);
        if (netlink.Try(batch).FirstOrDefault(failure => !failure.IsMissing) is { } refused)
            throw refused;
    }
}
