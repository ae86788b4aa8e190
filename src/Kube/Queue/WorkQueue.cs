using System.Threading.Channels;

namespace Sluice.Kube;

/// <summary>
/// Keys that need work, each once. A key that is added while it waits is not queued again; one that is added while a worker
/// has it is queued again when that worker is done. So no two workers ever hold the same key, and no addition is lost. A key may be given
/// a rest, in which additions gather to one.
/// </summary>
/// <example>
/// <code>
/// var key = await queue.TakeAsync(ct);
/// try { await WorkAsync(key, ct); queue.Forget(key); }
/// catch (KubeException) { queue.Retry(key); }
/// finally { queue.Done(key); }
/// </code>
/// </example>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly HashSet<TKey> _wanted = [];
    private readonly HashSet<TKey> _active = [];
    private readonly HashSet<TKey> _resting = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly DelayedKeys<TKey> _delayed;
    private readonly DelayedKeys<TKey> _rests;
    private readonly Backoff _backoff;

    /// <param name="backoff">Delays of <see cref="Retry"/>; by default from 5 ms to 1 min.</param>
    public WorkQueue(Backoff? backoff = null, TimeProvider? time = null)
    {
        _backoff = backoff ?? new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(1));
        _delayed = new DelayedKeys<TKey>(time ?? TimeProvider.System, Add);
        _rests = new DelayedKeys<TKey>(time ?? TimeProvider.System, Wake);
    }

    /// <summary>Keys that wait for a worker, those not counted whose delay has not passed.</summary>
    public int Count => _ready.Reader.Count;

    /// <summary>True when no key waits, is delayed or is being worked on.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _wanted.Count == 0 && _active.Count == 0 && _delayed.Count == 0;
        }
    }

    public void Dispose()
    {
        _delayed.Dispose();
        _rests.Dispose();
        _ready.Writer.TryComplete();
    }

    public void Add(TKey key)
    {
        lock (_gate)
        {
            if (_wanted.Add(key) && !_active.Contains(key) && !_resting.Contains(key))
                _ready.Writer.TryWrite(key);
        }
    }

    /// <summary>Adds the key when the delay has passed; of several delays of one key the earliest counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
            Add(key);
        else
            _delayed.Add(key, delay);
    }

    /// <summary>Adds the key after a delay that grows with every call until <see cref="Forget"/>.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan Retry(TKey key)
    {
        TimeSpan delay;
        lock (_gate)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            delay = _backoff.Delay(failures);
        }

        AddAfter(key, delay);
        return delay;
    }

    /// <summary>The key has succeeded: its next failure starts with the shortest delay again.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
            _failures.Remove(key);
    }

    /// <summary>How often the key was retried since it was last forgotten.</summary>
    public int Failures(TKey key)
    {
        lock (_gate)
            return _failures.GetValueOrDefault(key);
    }

    /// <summary>Waits for a key and hands it out; the caller must call <see cref="Done"/>, whatever happens.</summary>
    /// <exception cref="ChannelClosedException">The queue was disposed and is empty.</exception>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        var key = await _ready.Reader.ReadAsync(cancellationToken);
        lock (_gate)
        {
            // From here on an addition means that the work about to start is already out of date.
            _active.Add(key);
            _wanted.Remove(key);
        }

        return key;
    }

    /// <summary>The worker has finished with the key, well or not.</summary>
    /// <param name="rest">For how long the key is not handed out again, whatever is added.</param>
    public void Done(TKey key, TimeSpan rest = default)
    {
        lock (_gate)
        {
            if (!_active.Remove(key))
                return;
            if (rest <= TimeSpan.Zero)
                Offer(key);
            else if (_resting.Add(key))
                _rests.Add(key, rest);
        }
    }

    private void Wake(TKey key)
    {
        lock (_gate)
        {
            if (_resting.Remove(key))
                Offer(key);
        }
    }

    private void Offer(TKey key)
    {
        if (_wanted.Contains(key))
            _ready.Writer.TryWrite(key);
    }
}
