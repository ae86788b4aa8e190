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
    [InlineData("fd00::/64,10.0.0.0/31", "FD00::9", "fd00::a", "Dual 10.0.0.0/31,fd00::/64 10.0.0.0,fd00::9 [10.0.0.0, fd00::9..fd00::a]")]
    public void Defaults_are_filled_in(string cidr, string? gateway, string? excluded, string expected)
    {
        SubnetAddresses.TryRead(Spec(cidr, gateway, excluded), out var addresses, out var problem).ShouldBeTrue(problem?.Message);
        $"{addresses.Protocol} {addresses.Cidrs} {addresses.Gateways} {addresses.Excluded}".ShouldBe(expected);
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
    [InlineData("224.1.0.0/16", null, null, "spec.cidrBlock", "224.1.0.0/16 overlaps 224.0.0.0/4, which is reserved (multicast)")]
    [InlineData("10.0.0.0/8", "gw", null, "spec.gateway", "'gw' is no address, nor an IPv4 and an IPv6 address joined by a comma")]
    [InlineData("10.0.0.0/8", "11.0.0.1", null, "spec.gateway", "11.0.0.1 is not a host address of 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.0.0.0", null, "spec.gateway", "10.0.0.0 is not a host address of 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.255.255.255", null, "spec.gateway", "10.255.255.255 is not a host address of 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "fd00::1", null, "spec.gateway", "fd00::1 is not in spec.cidrBlock")]
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
