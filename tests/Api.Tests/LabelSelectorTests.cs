namespace Sluice.Api.Tests;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["zone"] = "a", ["rack"] = "r1" };

    [Theory]
    [InlineData("In", "zone", true, "a", "b")]
    [InlineData("In", "zone", false, "b")]
    [InlineData("In", "none", false, "a")]
    [InlineData("NotIn", "zone", false, "a")]
    [InlineData("NotIn", "zone", true, "b")]
    [InlineData("NotIn", "none", true, "a")]
    [InlineData("Exists", "zone", true)]
    [InlineData("Exists", "none", false)]
    [InlineData("DoesNotExist", "zone", false)]
    [InlineData("DoesNotExist", "none", true)]
    [InlineData("Like", "zone", false, "a")]
    public void Requirements(string op, string key, bool matches, params string[] values)
    {
        var selector = new LabelSelector { MatchExpressions = [new() { Key = key, Operator = op, Values = values.ToValueList() }] };
        selector.Matches(Labels).ShouldBe(matches);
    }

    [Fact]
    public void All_requirements_must_hold()
    {
        var selector = new LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["zone"] = "a" },
            MatchExpressions = [new() { Key = "rack", Operator = "In", Values = ["r1", "r2"] }],
        };
        selector.Matches(Labels).ShouldBeTrue();
        selector.Matches(new Dictionary<string, string> { ["zone"] = "a" }).ShouldBeFalse();
        selector.Matches(null).ShouldBeFalse();
    }

    [Fact]
    public void None_selects_everything() => new LabelSelector().Matches(null).ShouldBeTrue();

    [Fact]
    public void Selectors_compare_by_value()
    {
        static LabelSelector Selector(string value) => new()
        {
            MatchLabels = new Dictionary<string, string> { ["zone"] = value },
            MatchExpressions = [new() { Key = "rack", Operator = "In", Values = ["r1"] }],
        };
        Selector("a").ShouldBe(Selector("a"));
        Selector("a").GetHashCode().ShouldBe(Selector("a").GetHashCode());
        Selector("a").ShouldNotBe(Selector("b"));
        new LabelSelector().ShouldNotBe(Selector("a"));
    }
}
