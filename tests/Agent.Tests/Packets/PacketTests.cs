using Sluice.Agent.Packets;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Tests.Packets;

public sealed class PacketTests
{
    private static readonly MacAddress Mac = new(0x0000_000a_dd27);

    [Fact]
    public void An_arp_request_has_the_bytes_of_the_rfc()
    {
        var frame = ArpPacket.Request(Mac, IpAddress.Parse("192.168.0.2"), IpAddress.Parse("192.168.0.1")).ToFrame();
        Convert.ToHexStringLower(frame).ShouldBe(
            "ffffffffffff" + "0000000add27" + "0806" + "0001" + "0800" + "06" + "04" + "0001"
            + "0000000add27" + "c0a80002" + "000000000000" + "c0a80001");
    }

    [Fact]
    public void An_arp_packet_survives_its_frame()
    {
        var packet = new ArpPacket(IsReply: true, Mac, IpAddress.Parse("10.0.0.1"), new MacAddress(2), IpAddress.Parse("10.0.0.2"));
        ArpPacket.Parse(packet.ToFrame()).ShouldBe(packet);
        ArpPacket.Parse(packet.ToFrame()[..41]).ShouldBeNull();
        ArpPacket.Parse(NeighborPacket.Announcement(Mac, IpAddress.Parse("fd00::2"))).ShouldBeNull();
    }

    /// <summary>Checksums computed by hand with another implementation of RFC 1071.</summary>
    [Fact]
    public void Neighbor_messages_have_the_bytes_of_the_rfc()
    {
        Convert.ToHexStringLower(NeighborPacket.Solicitation(Mac, IpAddress.Parse("fd00::2"), IpAddress.Parse("fd00::1"))).ShouldBe(
            "3333ff000001" + "0000000add27" + "86dd" + "60000000" + "0020" + "3a" + "ff"
            + "fd000000000000000000000000000002" + "ff0200000000000000000001ff000001"
            + "87" + "00" + "a267" + "00000000" + "fd000000000000000000000000000001" + "0101" + "0000000add27");
    }

    [Fact]
    public void An_advertisement_names_its_target()
    {
        var address = IpAddress.Parse("fd00::2");
        NeighborPacket.AdvertisedTarget(NeighborPacket.Announcement(Mac, address)).ShouldBe(address);
        NeighborPacket.AdvertisedTarget(NeighborPacket.Solicitation(Mac, address, address)).ShouldBeNull();
        NeighborPacket.AdvertisedTarget(ArpPacket.Announcement(Mac, IpAddress.Parse("10.0.0.1")).ToFrame()).ShouldBeNull();
    }
}
