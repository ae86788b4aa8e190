using Sluice.Agent.ProviderNetworks;

namespace Sluice.Agent.Tests.ProviderNetworks;

public sealed class NameMapTests
{
    [Theory]
    [InlineData(null, "net1:br-net1")]
    [InlineData("", "net1:br-net1")]
    [InlineData("other:br-other", "other:br-other,net1:br-net1")]
    [InlineData("net1:br-old,other:br-other", "net1:br-net1,other:br-other")]
    [InlineData(" other:br-other , net1:br-net1", "other:br-other,net1:br-net1")]
    public void An_entry_is_added_or_replaced_where_it_stands(string? text, string expected) =>
        NameMap.Parse(text).With("net1", "br-net1").ToText().ShouldBe(expected);

    [Theory]
    [InlineData(null, null)]
    [InlineData("net1:br-net1", null)]
    [InlineData("a:b,net1:br-net1,c:d", "a:b,c:d")]
    public void An_entry_is_removed_and_others_stay(string? text, string? expected) =>
        NameMap.Parse(text).Without("net1").ToText().ShouldBe(expected);

    [Fact]
    public void A_mac_address_keeps_its_colons() =>
        NameMap.Parse("net1:aa:bb:cc:dd:ee:ff")["net1"].ShouldBe("aa:bb:cc:dd:ee:ff");
}
