namespace Sluice.Kube.Tests;

/// <summary>A clock that only moves when told to, and fires the timers that it passes in their order.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    private TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    /// <summary>True when something waits until this long after the start.</summary>
    public bool HasTimerAt(TimeSpan elapsed)
    {
        lock (_gate)
            return _timers.Any(timer => timer.DueAt == elapsed);
    }

    public void Advance(TimeSpan by)
    {
        var end = Elapsed + by;
        while (NextDue(end) is { } timer)
            timer.Fire();
        lock (_gate)
            _elapsed = end;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        period.ShouldBe(Timeout.InfiniteTimeSpan, "only one-shot timers are in use");
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    private ManualTimer? NextDue(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (next is not null && next.DueAt > _elapsed)
                _elapsed = next.DueAt!.Value;
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action callback) : ITimer
    {
        public TimeSpan? DueAt { get; private set; }

        public void Fire()
        {
            DueAt = null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Elapsed + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
