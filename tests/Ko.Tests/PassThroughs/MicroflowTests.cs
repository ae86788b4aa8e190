using Sluice.Api;
using Sluice.Ko.Tracing;

namespace Sluice.Ko.Tests.PassThroughs;

public sealed class MicroflowTests
{
    private const string Gateway = "00:00:00:00:00:fe";

    private static readonly Ip Source = new()
    {
        Metadata = new() { Name = "web.shop" },
        Spec = new() { Subnet = "s", MacAddress = "00:00:00:00:00:01", V4IpAddress = "192.168.0.2", V6IpAddress = "fd00::2" },
    };

    [Theory]
    [InlineData("shop/web 223.5.5.5 icmp", "ip4.src == 192.168.0.2 && ip4.dst == 223.5.5.5 && ip.ttl == 64 && icmp4.type == 8 && icmp4.code == 0")]
    [InlineData("shop/web 223.5.5.5 tcp 80", "ip4.src == 192.168.0.2 && ip4.dst == 223.5.5.5 && ip.ttl == 64 && tcp && tcp.src == 10000 && tcp.dst == 80")]
    [InlineData("shop/web fd01::1 udp 53", "ip6.src == fd00::2 && ip6.dst == fd01::1 && ip.ttl == 64 && udp && udp.src == 10000 && udp.dst == 53")]
    [InlineData("shop/web fd01::1 icmp", "ip6.src == fd00::2 && ip6.dst == fd01::1 && ip.ttl == 64 && icmp6.type == 128 && icmp6.code == 0")]
    public void A_request_becomes_the_packet_that_the_pod_would_send(string words, string packet)
    {
        var request = TraceRequest.Parse(words.Split(' '));

        new Microflow(Source, request.Destination, Gateway, request.Protocol).ToString()
            .ShouldBe($"inport == \"web.shop\" && eth.src == 00:00:00:00:00:01 && eth.dst == {Gateway} && {packet}");
    }

    [Fact]
    public void The_neighbour_may_be_given() =>
        TraceRequest.Parse(["web", "10.0.0.1", "00:00:00:00:00:09", "tcp", "22"])
            .ShouldBe(new(new("default", "web"), System.Net.IPAddress.Parse("10.0.0.1"), "00:00:00:00:00:09", new("tcp", 22)));

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("web not-an-address icmp")]
    [InlineData("web 10.0.0.1")]
    [InlineData("web 10.0.0.1 tcp")]
    [InlineData("web 10.0.0.1 tcp 65536")]
    [InlineData("web 10.0.0.1 tcp 0")]
    [InlineData("web 10.0.0.1 gre")]
    public void What_makes_no_sense_is_answered_with_the_usage(string words) =>
        Should.Throw<KoException>(() => TraceRequest.Parse(words.Split(' '))).Message.ShouldBe(TraceRequest.Usage);

    [Fact]
    public void A_pod_without_the_family_of_the_destination_is_said_so() =>
        Should.Throw<KoException>(() => new Microflow(
                Source with { Spec = Source.Spec with { V6IpAddress = "" } }, System.Net.IPAddress.Parse("fd01::1"), Gateway, new("icmp")).ToString())
            .Message.ShouldBe("IP web.shop has no IPv6 address to reach fd01::1 from");
}
