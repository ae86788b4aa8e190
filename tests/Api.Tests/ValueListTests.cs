namespace Sluice.Api.Tests;

public sealed class ValueListTests
{
    [Fact]
    public void Compares_by_its_elements()
    {
        ValueList<string> list = ["a", "b"];
        list.ShouldBe(["a", "b"]);
        list.Equals(new[] { "a", "b" }.ToValueList()).ShouldBeTrue();
        list.GetHashCode().ShouldBe(new[] { "a", "b" }.ToValueList().GetHashCode());
        list.Equals(["b", "a"]).ShouldBeFalse();
        list.Equals(["a"]).ShouldBeFalse();
        list.Equals(null).ShouldBeFalse();
    }

    [Fact]
    public void Records_with_lists_compare_by_value() =>
        new VpcStatus { Subnets = ["a"], BfdPort = new() { Nodes = ["n"] } }.ShouldBe(new VpcStatus { Subnets = ["a"], BfdPort = new() { Nodes = ["n"] } });
}
