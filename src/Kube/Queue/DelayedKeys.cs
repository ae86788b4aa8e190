namespace Sluice.Kube;

/// <summary>Keys that become due later, each once, at the earliest of its times. One timer serves them all.</summary>
internal sealed class DelayedKeys<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<TKey> _due;
    private readonly ITimer _timer;
    private readonly Dictionary<TKey, long> _dueAt = [];

    /// <summary>May hold a key several times; the entry that differs from <see cref="_dueAt"/> is out of date.</summary>
    private readonly PriorityQueue<TKey, long> _order = new();

    /// <summary>How many are due and not handed on yet.</summary>
    private int _onTheirWay;

    public DelayedKeys(TimeProvider time, Action<TKey> due)
    {
        _time = time;
        _due = due;
        _timer = time.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many were not handed on yet.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _dueAt.Count + _onTheirWay;
        }
    }

    public void Dispose() => _timer.Dispose();

    public void Add(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            var at = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
            if (_dueAt.TryGetValue(key, out var earlier) && earlier <= at)
                return;
            _dueAt[key] = at;
            _order.Enqueue(key, at);
            if (_order.TryPeek(out _, out var next) && next == at)
                Schedule(at);
        }
    }

    private void Release()
    {
        var due = new List<TKey>();
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            while (_order.TryPeek(out var key, out var at))
            {
                var isCurrent = _dueAt.TryGetValue(key, out var current) && current == at;
                if (isCurrent && at > now)
                {
                    Schedule(at);
                    break;
                }

                _order.Dequeue();
                if (!isCurrent)
                    continue;
                _dueAt.Remove(key);
                due.Add(key);
            }
            _onTheirWay += due.Count;
        }

        foreach (var key in due)
            _due(key);
        lock (_gate)
            _onTheirWay -= due.Count;
    }

    private void Schedule(long at)
    {
        // Timers count whole milliseconds and may fire a little early: round up.
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), at);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
