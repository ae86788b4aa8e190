using System.Runtime.InteropServices;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>
/// A route. The message it was read from is kept, so that the route can be led through another interface with everything
/// the kernel knows about it: table, metrics, preferred source, several next hops, encapsulation.
/// </summary>
internal sealed class RouteEntry
{
    private const int HeaderSize = 12;

    /// <summary>struct rtnexthop: length, flags, weight, interface; attributes follow.</summary>
    private const int NextHopSize = 8;

    private readonly byte[] _payload;
    private readonly List<int> _interfaces = [];

    private RouteEntry(byte[] payload) => _payload = payload;

    public Cidr Destination { get; private set; }

    public int Table { get; private set; }

    /// <summary>RTPROT_*: who made it.</summary>
    public byte Protocol => Header.Protocol;

    /// <summary>RTN_*</summary>
    public byte Type => Header.Type;

    public int Priority { get; private set; }

    public IpAddress? Gateway { get; private set; }

    public IpAddress? PreferredSource { get; private set; }

    /// <summary>The interfaces of its next hops.</summary>
    public IReadOnlyList<int> Interfaces => _interfaces;

    private RouteHeader Header => MemoryMarshal.Read<RouteHeader>(_payload);

    /// <summary>Reads the payload of RTM_NEWROUTE; null for a family that is not ours and for entries of the route cache.</summary>
    public static RouteEntry? Parse(ReadOnlySpan<byte> payload)
    {
        const uint Cloned = 0x200;
        var header = MemoryMarshal.Read<RouteHeader>(payload);
        if (header.Family is not (NativeMethods.AfInet or NativeMethods.AfInet6) || (header.Flags & Cloned) != 0)
            return null;
        var family = header.Family == NativeMethods.AfInet ? IpFamily.V4 : IpFamily.V6;
        var entry = new RouteEntry(payload.ToArray()) { Table = header.Table };
        var destination = new IpAddress(family, 0);
        var attributes = new NetlinkAttributes(payload[HeaderSize..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Rtm.Route.Destination:
                    destination = AddressBytes.Ip(attributes.Value) ?? destination;
                    break;
                case Rtm.Route.Table:
                    entry.Table = attributes.Int32;
                    break;
                case Rtm.Route.Priority:
                    entry.Priority = attributes.Int32;
                    break;
                case Rtm.Route.Gateway:
                    entry.Gateway = AddressBytes.Ip(attributes.Value);
                    break;
                case Rtm.Route.PreferredSource:
                    entry.PreferredSource = AddressBytes.Ip(attributes.Value);
                    break;
                case Rtm.Route.OutputInterface:
                    entry._interfaces.Add(attributes.Int32);
                    break;
                case Rtm.Route.Multipath:
                    for (var hops = attributes.Value; NextHop(ref hops, out var hop);)
                        entry._interfaces.Add(MemoryMarshal.Read<int>(hop[4..]));
                    break;
            }
        }
        entry.Destination = new Cidr(destination, header.DestinationLength);
        return entry;
    }

    /// <summary>Asks for the same route, beside what is there, with <paramref name="to"/> in place of <paramref name="from"/>.</summary>
    public void AddThrough(NetlinkBatch batch, int from, int to)
    {
        batch.Begin(Rtm.NewRoute, Rtm.Flag.Create | Rtm.Flag.Append, Header with { Flags = Header.Flags & ~Rtm.RouteValue.Observed }, $"add route {this}");
        Copy(batch, from, to);
    }

    /// <summary>Asks for its removal.</summary>
    public void Delete(NetlinkBatch batch)
    {
        batch.Begin(Rtm.DelRoute, 0, Header with { Flags = Header.Flags & ~Rtm.RouteValue.Observed }, $"delete route {this}");
        Copy(batch, from: 0, to: 0);
    }

    public override string ToString() => Gateway is { } gateway ? $"{Destination} via {gateway}" : Destination.ToString();

    private void Copy(NetlinkBatch batch, int from, int to)
    {
        var attributes = new NetlinkAttributes(_payload.AsSpan(HeaderSize));
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                // Ages are observed; a next hop object belongs to its interface, and the kernel has spelled out what it says.
                case Rtm.Route.CacheInfo or Rtm.Route.NextHopId:
                    break;
                case Rtm.Route.OutputInterface:
                    batch.Attribute(Rtm.Route.OutputInterface, attributes.Int32 == from ? to : attributes.Int32);
                    break;
                case Rtm.Route.Multipath:
                    batch.Attribute(Rtm.Route.Multipath, Redirect(attributes.Value, from, to));
                    break;
                default:
                    batch.Raw(attributes.Whole);
                    break;
            }
        }
    }

    private static byte[] Redirect(ReadOnlySpan<byte> multipath, int from, int to)
    {
        var result = multipath.ToArray();
        var rest = result.AsSpan();
        while (NextHop(ref rest, out var hop))
        {
            hop[2] &= unchecked((byte)~Rtm.RouteValue.Observed);
            if (MemoryMarshal.Read<int>(hop[4..]) == from)
                MemoryMarshal.Write(hop[4..], to);
        }
        return result;
    }

    private static bool NextHop(ref ReadOnlySpan<byte> hops, out ReadOnlySpan<byte> hop)
    {
        hop = default;
        if (hops.Length < NextHopSize || MemoryMarshal.Read<ushort>(hops) is var length && (length < NextHopSize || length > hops.Length))
            return false;
        hop = hops[..length];
        hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        return true;
    }

    private static bool NextHop(ref Span<byte> hops, out Span<byte> hop)
    {
        ReadOnlySpan<byte> rest = hops;
        hop = NextHop(ref rest, out var found) ? hops[..found.Length] : default;
        hops = hops[(hops.Length - rest.Length)..];
        return !hop.IsEmpty;
    }
}
