namespace Sluice.Controller.Tests.Stories;

public sealed class ShrinkingTests
{
    [Fact]
    public async Task What_does_not_matter_is_left_out()
    {
        int[] guilty = [7, 8, 41];
        var tries = 0;

        var fewest = await Shrinking.FewestAsync(
            [.. Enumerable.Range(0, 60)],
            items =>
            {
                tries++;
                return Task.FromResult(guilty.All(items.Contains));
            },
            TimeSpan.FromMinutes(1));

        fewest.ShouldBe(guilty);
        tries.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Order_is_kept_and_patience_ends()
    {
        var fewest = await Shrinking.FewestAsync([1, 2, 3], _ => Task.FromResult(true), TimeSpan.Zero);

        fewest.ShouldBe([1, 2, 3]);
    }
}
