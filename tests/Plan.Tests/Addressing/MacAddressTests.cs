using FsCheck.Xunit;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class MacAddressTests
{
    [Theory]
    [InlineData("00:00:00:ED:8E:C7", "00:00:00:ed:8e:c7")]
    [InlineData("0a-1b-2c-3d-4e-5f", "0a:1b:2c:3d:4e:5f")]
    public void Is_written_in_lower_case_with_colons(string text, string canonical)
    {
        MacAddress.TryParse(text, out var mac).ShouldBeTrue();
        mac.ToString().ShouldBe(canonical);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00:00:00:00:00")]
    [InlineData("00:00:00:00:00:0g")]
    [InlineData("00:00:00:00:00:+1")]
    [InlineData("00:00:00-00:00:01")]
    [InlineData("0000.0000.0001.00")]
    [InlineData("00:00:00:00:00:001")]
    public void Refuses_what_is_no_mac_address(string text) => MacAddress.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff", false)]
    [InlineData("01:00:5e:00:00:01", false)]
    [InlineData("00:00:00:00:00:00", false)]
    [InlineData("00:00:00:ed:8e:c7", true)]
    public void Group_addresses_are_not_unicast(string text, bool unicast)
    {
        MacAddress.TryParse(text, out var mac).ShouldBeTrue();
        mac.IsUnicast.ShouldBe(unicast);
    }

    [Property]
    public void Generated_ones_are_local_and_unicast(string seed, string owner, int attempt)
    {
        var mac = MacAddress.Generate(seed, owner, attempt);
        mac.IsUnicast.ShouldBeTrue();
        (mac.Value >> 41 & 1).ShouldBe(1UL, "locally administered");
        MacAddress.Generate(seed, owner, attempt).ShouldBe(mac);
    }

    [Fact]
    public void Generated_ones_differ_by_seed_owner_and_attempt()
    {
        MacAddress[] macs = [MacAddress.Generate("s", "o"), MacAddress.Generate("t", "o"), MacAddress.Generate("s", "p"), MacAddress.Generate("s", "o", 1)];
        macs.ShouldBeUnique();
    }
}
