using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>Requests about addresses and routes.</summary>
internal static class AddressRequests
{
    /// <summary>Adds an address for good; an IPv4 one with the broadcast address of its prefix.</summary>
    /// <param name="flags">IFA_F_*</param>
    public static NetlinkBatch AddAddress(this NetlinkBatch batch, int index, IpAddress address, int prefixLength, uint flags = 0)
    {
        const ushort Broadcast = 4;
        batch.Begin(
                Rtm.NewAddress,
                Rtm.Flag.Create | Rtm.Flag.Replace,
                new AddressHeader { Family = address.Family(), PrefixLength = (byte)prefixLength, Index = index },
                $"add address {address}/{prefixLength}")
            .Attribute(Rtm.Address.Local, address.ToBytes())
            .Attribute(Rtm.Address.Remote, address.ToBytes())
            .Attribute(Rtm.Address.Flags, unchecked((int)flags));
        return address.Family == IpFamily.V4 && prefixLength < 31
            ? batch.Attribute(Broadcast, new Cidr(address, prefixLength).Last.ToBytes())
            : batch;
    }

    public static NetlinkBatch DeleteAddress(this NetlinkBatch batch, int index, IpAddress address, int prefixLength) =>
        batch.Begin(
                Rtm.DelAddress,
                0,
                new AddressHeader { Family = address.Family(), PrefixLength = (byte)prefixLength, Index = index },
                $"delete address {address}/{prefixLength}")
            .Attribute(Rtm.Address.Local, address.ToBytes());

    /// <summary>Adds a route to the main table, in place of one to the same destination.</summary>
    /// <param name="gateway">Null when the destination is on the link.</param>
    /// <param name="onLink">The gateway is on the link although no address says so.</param>
    public static NetlinkBatch ReplaceRoute(
        this NetlinkBatch batch, int index, Cidr destination, IpAddress? gateway, IpAddress? source = null, bool onLink = false)
    {
        var header = new RouteHeader
        {
            Family = destination.First.Family(),
            DestinationLength = (byte)destination.PrefixLength,
            Table = Rtm.RouteValue.TableMain,
            Protocol = Rtm.RouteValue.ProtocolStatic,
            Scope = gateway is null && destination.Family == IpFamily.V4 ? Rtm.RouteValue.ScopeLink : Rtm.RouteValue.ScopeUniverse,
            Type = Rtm.RouteValue.Unicast,
            Flags = onLink ? Rtm.RouteValue.OnLink : 0,
        };
        batch.Begin(Rtm.NewRoute, Rtm.Flag.Create | Rtm.Flag.Replace, header, $"add route {destination}")
            .Attribute(Rtm.Route.Destination, destination.First.ToBytes())
            .Attribute(Rtm.Route.OutputInterface, index);
        if (gateway is { } via)
            batch.Attribute(Rtm.Route.Gateway, via.ToBytes());
        return source is { } from ? batch.Attribute(Rtm.Route.PreferredSource, from.ToBytes()) : batch;
    }

    /// <summary>Deletes a static route of the main table.</summary>
    public static NetlinkBatch DeleteRoute(this NetlinkBatch batch, int index, Cidr destination) =>
        batch.Begin(
                Rtm.DelRoute,
                0,
                new RouteHeader
                {
                    Family = destination.First.Family(),
                    DestinationLength = (byte)destination.PrefixLength,
                    Table = Rtm.RouteValue.TableMain,
                    Protocol = Rtm.RouteValue.ProtocolStatic,
                    Scope = Rtm.RouteValue.ScopeNowhere,
                },
                $"delete route {destination}")
            .Attribute(Rtm.Route.Destination, destination.First.ToBytes())
            .Attribute(Rtm.Route.OutputInterface, index);
}
