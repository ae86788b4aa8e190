using System.Collections.Concurrent;
using Sluice.Api;

namespace Sluice.Controller.Addresses;

/// <summary>
/// OvnEips are mostly followed by a rule, and what uses an address is part of its status. When many are created at once, each waits a moment
/// for its rule, so that its status is written once and not twice; the API server has enough to do then.
/// </summary>
public sealed class NewEips(TimeProvider time)
{
    /// <summary>So many new ones within <see cref="Window"/> are no burst: nobody waits.</summary>
    private const int Few = 10;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Queue<long> _recent = new();

    /// <summary>How long the status of one should wait; null if it should not, or no longer.</summary>
    public TimeSpan? Wait(OvnEip eip, bool isUsed)
    {
        var name = eip.Metadata.Name;
        if (isUsed || eip.Status is not null)
        {
            _waiting.TryRemove(name, out _);
            return null;
        }
        if (!_waiting.TryGetValue(name, out var since))
        {
            if (!IsBurst()) return null;
            _waiting[name] = time.GetTimestamp();
            return Lag;
        }
        if (Lag - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero) return left;
        _waiting.TryRemove(name, out _);
        return null;
    }

    /// <summary>It is gone.</summary>
    public void Forget(string name) => _waiting.TryRemove(name, out _);

    private bool IsBurst()
    {
        lock (_gate)
        {
            _recent.Enqueue(time.GetTimestamp());
            while (_recent.Count > Few + 1 || time.GetElapsedTime(_recent.Peek()) >= Window) _recent.Dequeue();
            return _recent.Count > Few;
        }
    }
}
