using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class CidrTests
{
    [Theory]
    [InlineData("10.5.204.0/24", "10.5.204.0/24", "10.5.204.1..10.5.204.254")]
    [InlineData("10.5.204.77/24", "10.5.204.0/24", "10.5.204.1..10.5.204.254")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "10.0.0.1..10.255.255.254")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", "0.0.0.1..255.255.255.254")]
    [InlineData("10.0.0.6/30", "10.0.0.4/30", "10.0.0.5..10.0.0.6")]
    [InlineData("10.0.0.5/31", "10.0.0.4/31", "10.0.0.4..10.0.0.5")]
    [InlineData("10.0.0.5/32", "10.0.0.5/32", "10.0.0.5")]
    [InlineData("FD00::1/64", "fd00::/64", "fd00::1..fd00::ffff:ffff:ffff:ffff")]
    [InlineData("::/0", "::/0", "::1..ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fd00::5/126", "fd00::4/126", "fd00::5..fd00::7")]
    [InlineData("fd00::5/127", "fd00::4/127", "fd00::4..fd00::5")]
    [InlineData("fd00::5/128", "fd00::5/128", "fd00::5")]
    public void Has_network_form_and_usable_addresses(string text, string network, string usable)
    {
        var cidr = Cidr.Parse(text);
        cidr.ToString().ShouldBe(network);
        cidr.Usable.ToString().ShouldBe(usable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("fd00::/129")]
    [InlineData("/8")]
    public void Refuses_what_is_no_cidr(string text) => Cidr.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.0.0.0/9", "10.128.0.0/9", false)]
    [InlineData("0.0.0.0/0", "::/0", false)]
    [InlineData("fd00::/64", "fd00::/64", true)]
    [InlineData("fd00::/64", "fd00:0:0:1::/64", false)]
    public void Overlaps_when_one_contains_the_other(string a, string b, bool overlaps) =>
        Cidr.Parse(a).Overlaps(Cidr.Parse(b)).ShouldBe(overlaps);

    [Fact]
    public void Writes_the_addresses_of_router_ports() =>
        Cidr.Parse("10.5.204.0/24").Interface(IpAddress.Parse("10.5.204.105")).ShouldBe("10.5.204.105/24");

    [Theory]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("127.1.0.0/16", "127.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/32")]
    [InlineData("169.254.0.0/24", "169.254.0.0/16")]
    [InlineData("239.0.0.0/8", "224.0.0.0/4")]
    [InlineData("255.255.255.0/24", "255.255.255.255/32")]
    [InlineData("::/64", "::/128")]
    [InlineData("fe80::/64", "fe80::/10")]
    [InlineData("ff02::/16", "ff00::/8")]
    [InlineData("fd00::/64", null)]
    public void Reserved_ranges_are_found(string cidr, string? reserved) =>
        (ReservedRanges.Find(Cidr.Parse(cidr))?.Cidr.ToString()).ShouldBe(reserved);
}
