using Sluice.Agent.Netlink;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>Gives an interface another name and leaves everything else about it as it was.</summary>
internal static class LinkRenamer
{
    /// <summary>Call in the namespace of the link. Nothing happens when there is no link of the old name.</summary>
    /// <exception cref="NetlinkException">The name is taken, or the kernel refused for another reason.</exception>
    public static void Rename(string from, string to)
    {
        using var netlink = RtNetlink.Open();
        if (netlink.Link(from) is not { } link)
            return;
        var addresses = netlink.Addresses(link.Index);
        var routes = netlink.Routes().Where(route => route.Interfaces.Contains(link.Index)).OrderBy(route => route.Gateway is not null).ToList();

        // One batch: a process that is killed here leaves the interface with all it had.
        var batch = new NetlinkBatch().Rename(link.Index, to);
        Relabel(batch, addresses, routes, link, to);
        var failures = netlink.Try(batch);
        if (failures is [{ IsBusy: true }, ..] && link.IsUp)
        {
            // Before Linux 6.2 a link had to be down to be renamed, which costs it its routes and its IPv6 addresses.
            batch = new NetlinkBatch().SetUp(link.Index, up: false).Rename(link.Index, to).SetUp(link.Index);
            Restore(batch, addresses, routes, link, to);
            failures = netlink.Try(batch);
        }
        if (failures.FirstOrDefault(failure => !failure.IsExists || failure.Request == Rtm.SetLink) is { } refused)
            throw refused;
    }

    /// <summary>The kernel gives each IPv4 address but the first a label of its own invention when their interface is renamed.</summary>
    private static void Relabel(NetlinkBatch batch, IReadOnlyList<AddressEntry> addresses, List<RouteEntry> routes, LinkEntry link, string name)
    {
        var labelled = addresses.Where(address => address.Address.Family == IpFamily.V4).ToList();
        if (labelled.Count < 2)
            return;

        // Last first: a primary address takes its secondaries with it.
        foreach (var address in labelled.AsEnumerable().Reverse())
            address.Delete(batch);
        Restore(batch, labelled, routes, link, name);
    }

    /// <summary>What survived is refused as existing.</summary>
    private static void Restore(NetlinkBatch batch, IEnumerable<AddressEntry> addresses, List<RouteEntry> routes, LinkEntry link, string name)
    {
        foreach (var address in addresses)
            address.AddTo(batch, link.Index, address.Label.Length == 0 ? null : address.Label == link.Name ? name : address.Label);
        foreach (var route in routes.Where(route => route.Protocol != Rtm.RouteValue.ProtocolKernel))
            route.AddThrough(batch, link.Index, link.Index);
    }
}
