using System.Runtime.InteropServices;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>An interface of a network namespace.</summary>
internal sealed record LinkEntry
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>What made it, such as <c>veth</c> or <c>tun</c>; empty for a physical NIC.</summary>
    public string Kind { get; init; } = "";

    public bool IsUp { get; init; }

    public int Mtu { get; init; }

    public MacAddress? Mac { get; init; }

    /// <summary>The alias (ip-link(8)), which we use to mark what is ours.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Index of the other end of a veth, in its namespace; zero when there is none.</summary>
    public int PeerIndex { get; init; }

    /// <summary>Reads the payload of RTM_NEWLINK or RTM_DELLINK.</summary>
    public static LinkEntry Parse(ReadOnlySpan<byte> payload)
    {
        var header = MemoryMarshal.Read<LinkHeader>(payload);
        var link = new LinkEntry { Index = header.Index, Name = "", IsUp = (header.Flags & Rtm.LinkFlag.Up) != 0 };
        var attributes = new NetlinkAttributes(payload[16..]);
        while (attributes.MoveNext())
        {
            link = attributes.Type switch
            {
                Rtm.Link.Name => link with { Name = attributes.Text },
                Rtm.Link.Address => link with { Mac = AddressBytes.Mac(attributes.Value) },
                Rtm.Link.Mtu => link with { Mtu = attributes.Int32 },
                Rtm.Link.Alias => link with { Alias = attributes.Text },
                Rtm.Link.Peer => link with { PeerIndex = attributes.Int32 },
                Rtm.Link.Info => link with { Kind = KindOf(attributes.Value) },
                _ => link,
            };
        }
        return link;
    }

    private static string KindOf(ReadOnlySpan<byte> info)
    {
        var attributes = new NetlinkAttributes(info);
        while (attributes.MoveNext())
        {
            if (attributes.Type == Rtm.Link.InfoKind)
                return attributes.Text;
        }
        return "";
    }
}
