using System.Diagnostics;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class SubnetAddressesTests
{
    [Theory]
    [InlineData("192.168.0.0/24", null, null, "IPv4 192.168.0.0/24 192.168.0.1 [192.168.0.1]")]
    [InlineData("192.168.0.9/24", "", "", "IPv4 192.168.0.0/24 192.168.0.1 [192.168.0.1]")]
    [InlineData("10.5.204.0/24", "10.5.204.254", "10.5.204.1..10.5.204.100", "IPv4 10.5.204.0/24 10.5.204.254 [10.5.204.1..10.5.204.100, 10.5.204.254]")]
    [InlineData("10.0.0.0/8", null, "10.0.0.2 10.0.0.9 10.0.0.3..10.0.0.8", "IPv4 10.0.0.0/8 10.0.0.1 [10.0.0.1..10.0.0.9]")]
    [InlineData("FD00::/64", null, null, "IPv6 fd00::/64 fd00::1 [fd00::1]")]
    [InlineData("fd00::/64,10.0.0.0/30", "FD00::9", "fd00::a", "Dual 10.0.0.0/30,fd00::/64 10.0.0.1,fd00::9 [10.0.0.1, fd00::9..fd00::a]")]
    [InlineData("FD00:10:16::ABCD/64", "FD00:10:16::FFFF", "FD00:10:16::A..fd00:10:16::0b", "IPv6 fd00:10:16::/64 fd00:10:16::ffff [fd00:10:16::a..fd00:10:16::b, fd00:10:16::ffff]")]
    [InlineData("10.0.0.0/24", null, "10.0.0.9..10.0.0.20 10.0.0.5 10.0.0.15..10.0.0.30 10.0.0.6..10.0.0.8", "IPv4 10.0.0.0/24 10.0.0.1 [10.0.0.1, 10.0.0.5..10.0.0.30]")]
    [InlineData("192.168.77.2/30", null, null, "IPv4 192.168.77.0/30 192.168.77.1 [192.168.77.1]")]
    [InlineData("fd00::4/126", null, null, "IPv6 fd00::4/126 fd00::5 [fd00::5]")]
    public void Defaults_are_filled_in(string cidr, string? gateway, string? excluded, string expected)
    {
        SubnetAddresses.TryRead(Spec(cidr, gateway, excluded), out var addresses, out var problem).ShouldBeTrue(problem?.Message);
        $"{addresses.Protocol} {addresses.Cidrs} {addresses.Gateways} {addresses.Excluded}".ShouldBe(expected);
    }

    [Fact]
    public void A_subnet_of_four_addresses_has_one_host_beside_its_router()
    {
        SubnetAddresses.TryRead(Spec("192.168.77.0/30", null, null), out var addresses, out _).ShouldBeTrue();
        var pool = new SubnetPool(addresses);
        pool.TryAcquire("first", new() { MacSeed = "1" }, out var lease, out _).ShouldBeTrue();
        lease!.Addresses.ToString().ShouldBe("192.168.77.2");
        pool.TryAcquire("second", new() { MacSeed = "2" }, out _, out var refusal).ShouldBeFalse();
        refusal!.Message.ShouldBe("no address of 192.168.77.0/30 is left");
    }

    /// <summary>RFC 3021, RFC 6164: where the gateway is a machine in the provider network, two addresses are enough.</summary>
    [Theory]
    [InlineData("10.0.0.0/31", "10.0.0.0", "10.0.0.0")]
    [InlineData("10.0.0.0/31", "10.0.0.1", "10.0.0.1")]
    [InlineData("fd00::/127", null, "fd00::")]
    public void A_link_between_two_is_for_a_physical_gateway(string cidr, string? gateway, string expected)
    {
        SubnetAddresses.TryRead(Spec(cidr, gateway, null) with { Vlan = "vlan1" }, out var addresses, out var problem).ShouldBeTrue(problem?.Message);
        addresses.Gateways.ToString().ShouldBe(expected);
        SubnetAddresses.TryRead(Spec(cidr, gateway, null) with { Provider = "macvlan.default" }, out _, out _).ShouldBeTrue("it is not ours to route");
        foreach (var spec in (SubnetSpec[])[Spec(cidr, gateway, null), Spec(cidr, gateway, null) with { Vlan = "vlan1", LogicalGateway = true }])
        {
            SubnetAddresses.TryRead(spec, out _, out problem).ShouldBeFalse();
            problem!.Field.ShouldBe("spec.cidrBlock");
        }
    }

    [Fact]
    public void Ten_thousand_exclusions_are_read_in_no_time()
    {
        // Every other address, in an order that helps nobody.
        var excluded = Enumerable.Range(1, 10_000).Select(i => $"10.0.{i * 7919 % 10_007 * 2 / 256}.{i * 7919 % 10_007 * 2 % 256}").ToValueList();
        var started = Stopwatch.GetTimestamp();
        SubnetAddresses.TryRead(new() { CidrBlock = "10.0.0.0/16", ExcludeIps = excluded }, out var addresses, out var problem).ShouldBeTrue(problem?.Message);
        var pool = new SubnetPool(addresses);
        for (var i = 0; i < 1_000; i++) pool.TryAcquire($"pod-{i}", new() { MacSeed = "1" }, out _, out _).ShouldBeTrue();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5), "it takes some 50 ms");
        addresses.Excluded.Count.ShouldBeGreaterThan(9_000);
        pool.V4!.AddressOf("pod-999")!.Value.ToString().ShouldBe("10.0.7.207", "the thousandth that is free");
    }

    [Fact]
    public void An_underlay_subnet_may_have_no_addresses()
    {
        SubnetAddresses.TryRead(new() { Vlan = "vlan1" }, out var addresses, out _).ShouldBeTrue();
        addresses.Protocol.ShouldBe(SubnetProtocols.Mac);
    }

    [Theory]
    [InlineData("", null, null, "spec.cidrBlock", "a CIDR is needed unless spec.vlan is set")]
    [InlineData("10.0.0.0", null, null, "spec.cidrBlock", "'10.0.0.0' is no CIDR, nor an IPv4 and an IPv6 CIDR joined by a comma")]
    [InlineData("10.0.0.1/32", null, null, "spec.cidrBlock", "10.0.0.1/32 has no room for a gateway and a host")]
    [InlineData("10.0.0.0/8,fd00::/128", null, null, "spec.cidrBlock", "fd00::/128 has no room for a gateway and a host")]
    [InlineData("192.168.77.0/31", null, null, "spec.cidrBlock", "192.168.77.0/31 has no host beside a router of OVN; /30 is the smallest that has one")]
    [InlineData("10.0.0.0/24,fd00::/127", null, null, "spec.cidrBlock", "fd00::/127 has no host beside a router of OVN; /126 is the smallest that has one")]
    [InlineData("0.0.0.0/0", null, null, "spec.cidrBlock", "0.0.0.0/0 overlaps 0.0.0.0/32, which is reserved (unspecified)")]
    [InlineData("::/0", null, null, "spec.cidrBlock", "::/0 overlaps ::/128, which is reserved (unspecified)")]
    [InlineData("::ffff:10.0.0.0/120", null, null, "spec.cidrBlock", "::ffff:10.0.0.0/120 overlaps ::ffff:0.0.0.0/96, which is reserved (IPv4-mapped)")]
    [InlineData("::FFFF:A00:0/120", null, null, "spec.cidrBlock", "::ffff:10.0.0.0/120 overlaps ::ffff:0.0.0.0/96, which is reserved (IPv4-mapped)")]
    [InlineData("10.0.0.0/24,10.0.1.0/24", null, null, "spec.cidrBlock", "'10.0.0.0/24,10.0.1.0/24' is no CIDR, nor an IPv4 and an IPv6 CIDR joined by a comma")]
    [InlineData("224.1.0.0/16", null, null, "spec.cidrBlock", "224.1.0.0/16 overlaps 224.0.0.0/4, which is reserved (multicast)")]
    [InlineData("10.0.0.0/8", "gw", null, "spec.gateway", "'gw' is no address, nor an IPv4 and an IPv6 address joined by a comma")]
    [InlineData("10.0.0.0/8", "11.0.0.1", null, "spec.gateway", "11.0.0.1 is not a host address of 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.0.0.0", null, "spec.gateway", "10.0.0.0 is not a host address of 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.255.255.255", null, "spec.gateway", "10.255.255.255 is not a host address of 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "fd00::1", null, "spec.gateway", "fd00::1 is not in spec.cidrBlock")]
    [InlineData("10.0.0.0/24", "10.0.1.1", null, "spec.gateway", "10.0.1.1 is not a host address of 10.0.0.0/24")]
    [InlineData("10.0.0.0/24", "::ffff:10.0.0.1", null, "spec.gateway", "::ffff:10.0.0.1 is not in spec.cidrBlock")]
    [InlineData("10.0.0.0/8", null, "10.0.0.5,10.0.0.6", "spec.excludeIps", "'10.0.0.5,10.0.0.6' is neither an address nor FIRST..LAST")]
    [InlineData("10.0.0.0/8", null, "10.0.0.9 ::ffff:10.0.0.5", "spec.excludeIps", "'::ffff:10.0.0.5' is an IPv4-mapped address; write it as IPv4")]
    [InlineData("10.0.0.0/8", null, "10.0.0.9..10.0.0.1", "spec.excludeIps", "'10.0.0.9..10.0.0.1' is neither an address nor FIRST..LAST")]
    public void Problems_name_field_and_value(string cidr, string? gateway, string? excluded, string field, string message)
    {
        SubnetAddresses.TryRead(Spec(cidr, gateway, excluded), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(new(field, message));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.0.0.0/8,fd00::/64", "fd00::/48", true)]
    [InlineData("10.0.0.0/8", "fd00::/64", false)]
    [InlineData("10.0.0.0/9", "10.128.0.0/9", false)]
    public void Overlap_is_seen_in_either_family(string a, string b, bool overlap)
    {
        SubnetAddresses.TryRead(Spec(a, null, null), out var first, out _).ShouldBeTrue();
        SubnetAddresses.TryRead(Spec(b, null, null), out var second, out _).ShouldBeTrue();
        (first.Overlaps(second), second.Overlaps(first)).ShouldBe((overlap, overlap));
    }

    private static SubnetSpec Spec(string cidr, string? gateway, string? excluded) => new()
    {
        CidrBlock = cidr,
        Gateway = gateway,
        ExcludeIps = excluded?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToValueList(),
    };
}
