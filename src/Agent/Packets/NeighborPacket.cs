using System.Buffers.Binary;
using Sluice.Agent.Netlink;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Packets;

/// <summary>Neighbor discovery for IPv6 over Ethernet (RFC 4861 4.3, 4.4): the two messages that correspond to ARP's.</summary>
internal static class NeighborPacket
{
    public const ushort EtherType = 0x86dd;

    private const int EthernetHeader = 14;
    private const int Ipv6Header = 40;
    private const int MessageSize = 32;
    private const byte NextHeaderIcmp = 58;
    private const byte SolicitationType = 135;
    private const byte AdvertisementType = 136;
    private const byte SourceLinkLayerAddress = 1;
    private const byte TargetLinkLayerAddress = 2;

    private static readonly IpAddress AllNodes = IpAddress.Parse("ff02::1");
    private static readonly IpAddress SolicitedNodePrefix = IpAddress.Parse("ff02::1:ff00:0");

    /// <summary>Asks who has <paramref name="target"/>.</summary>
    public static byte[] Solicitation(MacAddress mac, IpAddress address, IpAddress target)
    {
        var group = new IpAddress(IpFamily.V6, SolicitedNodePrefix.Value | (target.Value & 0xff_ffff));
        return Frame(mac, address, group, SolicitationType, flags: 0, target, SourceLinkLayerAddress);
    }

    /// <summary>Tells everybody who has the address now (RFC 4861 7.2.6); the override flag makes them forget who had it.</summary>
    public static byte[] Announcement(MacAddress mac, IpAddress address)
    {
        const byte Override = 0x20;
        return Frame(mac, address, AllNodes, AdvertisementType, Override, address, TargetLinkLayerAddress);
    }

    /// <summary>The address that an advertisement is about; null for any other frame.</summary>
    public static IpAddress? AdvertisedTarget(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetHeader + Ipv6Header + 24 || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherType)
            return null;
        var packet = frame[EthernetHeader..];
        return packet[6] == NextHeaderIcmp && packet[Ipv6Header] == AdvertisementType ? AddressBytes.Ip(packet.Slice(Ipv6Header + 8, 16)) : null;
    }

    private static byte[] Frame(MacAddress mac, IpAddress source, IpAddress group, byte type, byte flags, IpAddress target, byte option)
    {
        var frame = new byte[EthernetHeader + Ipv6Header + MessageSize];

        // A multicast group's MAC address ends in the last four bytes of the group (RFC 2464 7).
        new MacAddress(0x3333_0000_0000 | (ulong)(group.Value & 0xffff_ffff)).ToBytes().CopyTo(frame, 0);
        mac.ToBytes().CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType);

        var packet = frame.AsSpan(EthernetHeader);
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], MessageSize);
        packet[6] = NextHeaderIcmp;
        packet[7] = 255;
        source.ToBytes().CopyTo(packet[8..]);
        group.ToBytes().CopyTo(packet[24..]);

        var message = packet[Ipv6Header..];
        message[0] = type;
        message[4] = flags;
        target.ToBytes().CopyTo(message[8..]);
        message[24] = option;
        message[25] = 1;
        mac.ToBytes().CopyTo(message[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(packet[8..Ipv6Header], message));
        return frame;
    }

    /// <summary>The Internet checksum over the pseudo-header and the message (RFC 4443 2.3).</summary>
    private static ushort Checksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> message)
    {
        var sum = Sum(addresses) + Sum(message) + (uint)message.Length + NextHeaderIcmp;
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i + 1 < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return sum;
    }
}
