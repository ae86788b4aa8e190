using Sluice.Agent.Netlink;

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
        try
        {
            netlink.Execute(new NetlinkBatch().Rename(link.Index, to));
        }
        catch (NetlinkException e) when (e.IsBusy && link.IsUp)
        {
            RenameWhileDown(netlink, link, to);
        }
    }

    /// <summary>Before Linux 6.2 a link had to be down to be renamed, which costs it its routes and its IPv6 addresses.</summary>
    private static void RenameWhileDown(RtNetlink netlink, LinkEntry link, string to)
    {
        var addresses = netlink.Addresses(link.Index);
        var routes = netlink.Routes().Where(route => route.Interfaces.Contains(link.Index)).OrderBy(route => route.Gateway is not null).ToList();
        netlink.Execute(new NetlinkBatch().SetUp(link.Index, up: false).Rename(link.Index, to).SetUp(link.Index));
        var batch = new NetlinkBatch();
        foreach (var address in addresses)
            address.AddTo(batch, link.Index, address.Label.Length == 0 ? null : to + address.Label[Math.Min(link.Name.Length, address.Label.Length)..]);
        foreach (var route in routes)
            route.AddThrough(batch, link.Index, link.Index);

        // What survived is there already.
        if (netlink.Try(batch).FirstOrDefault(failure => !failure.IsExists) is { } refused)
            throw refused;
    }
}
