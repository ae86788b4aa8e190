namespace Sluice.Kube.Tests.Queue;

public sealed class FailureLogTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_storm_of_failures_of_one_cause_is_one_line_a_minute()
    {
        var log = new FailureLog(_time);
        log.IsNews("Vpc", "not connected", out var untold).ShouldBeTrue();
        untold.ShouldBe(0);
        for (var i = 0; i < 1000; i++)
            log.IsNews("Vpc", "not connected", out _).ShouldBeFalse();

        _time.Advance(TimeSpan.FromMinutes(1));
        log.IsNews("Vpc", "not connected", out untold).ShouldBeTrue();
        untold.ShouldBe(1000);
    }

    [Fact]
    public void Another_kind_or_another_cause_is_told_at_once()
    {
        var log = new FailureLog(_time);
        log.IsNews("Vpc", "a", out _).ShouldBeTrue();
        log.IsNews("Vpc", "b", out _).ShouldBeTrue();
        log.IsNews("Subnet", "a", out _).ShouldBeTrue();
    }

    [Fact]
    public void What_is_different_each_time_is_told_each_time()
    {
        var log = new FailureLog(_time);
        for (var i = 0; i < 10_000; i++)
            log.IsNews("Vpc", $"cause {i}", out _).ShouldBeTrue();
    }
}
