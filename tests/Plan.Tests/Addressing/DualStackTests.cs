using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class DualStackTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("fd00::/64", "fd00::/64")]
    [InlineData("10.0.0.0/8,fd00::/64", "10.0.0.0/8,fd00::/64")]
    [InlineData("FD00::/64, 10.0.0.1/8", "10.0.0.0/8,fd00::/64")]
    public void Holds_one_of_each_family(string? text, string canonical)
    {
        DualStack<Cidr>.TryParse(text, out var pair).ShouldBeTrue();
        pair.ToString().ShouldBe(canonical);
    }

    [Theory]
    [InlineData("10.0.0.0/8,10.0.0.0/16")]
    [InlineData("fd00::/64,fd00::/64")]
    [InlineData("10.0.0.0/8,")]
    [InlineData(",")]
    [InlineData("10.0.0.0/8,fd00::/64,11.0.0.0/8")]
    [InlineData("10.0.0.0/8;fd00::/64")]
    public void Refuses_anything_else(string text) => DualStack<Cidr>.TryParse(text, out _).ShouldBeFalse();
}
