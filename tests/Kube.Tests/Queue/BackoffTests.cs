namespace Sluice.Kube.Tests.Queue;

public sealed class BackoffTests
{
    [Fact]
    public void Doubles_up_to_its_limit_however_often_it_is_asked()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(1));

        new[] { 0, 1, 2, 10, 14, 100, 100_000, int.MaxValue }.Select(failures => backoff.Delay(failures).TotalMilliseconds)
            .ShouldBe([5, 10, 20, 5120, 60_000, 60_000, 60_000, 60_000]);
    }

    [Fact]
    public void Jitter_lengthens_by_at_most_its_fraction()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), Jitter: 0.5);

        Enumerable.Range(0, 100).Select(_ => backoff.Delay(1).TotalSeconds).ShouldAllBe(delay => delay >= 2 && delay <= 3);
    }
}
