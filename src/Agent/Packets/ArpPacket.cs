using System.Buffers.Binary;
using Sluice.Agent.Netlink;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Packets;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826).</summary>
internal readonly record struct ArpPacket(bool IsReply, MacAddress SenderMac, IpAddress SenderIp, MacAddress TargetMac, IpAddress TargetIp)
{
    public const ushort EtherType = 0x0806;

    private const int EthernetHeader = 14;
    private const int Size = 28;

    private static readonly MacAddress Broadcast = new(0xffff_ffff_ffff);
    private static readonly IpAddress NoAddress = new(IpFamily.V4, 0);

    /// <summary>Asks who has <paramref name="target"/>.</summary>
    public static ArpPacket Request(MacAddress mac, IpAddress address, IpAddress target) => new(IsReply: false, mac, address, default, target);

    /// <summary>Asks whether somebody else has the address, without claiming it (RFC 5227 2.1.1).</summary>
    public static ArpPacket Probe(MacAddress mac, IpAddress address) => Request(mac, NoAddress, address);

    /// <summary>Tells everybody who has the address now (RFC 5227 2.3).</summary>
    public static ArpPacket Announcement(MacAddress mac, IpAddress address) => Request(mac, address, address);

    /// <summary>The packet in a broadcast Ethernet frame.</summary>
    public byte[] ToFrame()
    {
        var frame = new byte[EthernetHeader + Size];
        Broadcast.ToBytes().CopyTo(frame, 0);
        SenderMac.ToBytes().CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType);

        // Ethernet, IPv4, 6 and 4 bytes long, operation.
        ReadOnlySpan<byte> head = [0, 1, 8, 0, 6, 4, 0, IsReply ? (byte)2 : (byte)1];
        head.CopyTo(frame.AsSpan(EthernetHeader));
        SenderMac.ToBytes().CopyTo(frame, EthernetHeader + 8);
        SenderIp.ToBytes().CopyTo(frame, EthernetHeader + 14);
        TargetMac.ToBytes().CopyTo(frame, EthernetHeader + 18);
        TargetIp.ToBytes().CopyTo(frame, EthernetHeader + 24);
        return frame;
    }

    /// <summary>Null for a frame that holds no ARP packet for IPv4 over Ethernet.</summary>
    public static ArpPacket? Parse(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetHeader + Size || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherType)
            return null;
        var packet = frame[EthernetHeader..];
        if (!packet[..6].SequenceEqual<byte>([0, 1, 8, 0, 6, 4]) || packet[6] != 0 || packet[7] is not (1 or 2))
            return null;
        return new ArpPacket(
            packet[7] == 2,
            AddressBytes.Mac(packet[8..14])!.Value,
            AddressBytes.Ip(packet[14..18])!.Value,
            AddressBytes.Mac(packet[18..24])!.Value,
            AddressBytes.Ip(packet[24..28])!.Value);
    }
}
