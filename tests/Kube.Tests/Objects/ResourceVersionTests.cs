namespace Sluice.Kube.Tests.Objects;

public sealed class ResourceVersionTests
{
    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("10", "9", 1)]
    [InlineData("10", "10", 0)]
    [InlineData("18446744073709551615", "9", 1)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "10", null)]
    [InlineData("10", null, null)]
    [InlineData("", "10", null)]
    [InlineData("-1", "10", null)]
    public void Compares_numbers_and_gives_up_on_anything_else(string? left, string? right, int? expected) =>
        ResourceVersion.Compare(left, right).ShouldBe(expected);
}
