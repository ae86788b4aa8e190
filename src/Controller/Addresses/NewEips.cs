using System.Collections.Concurrent;
using Sluice.Api;

namespace Sluice.Controller.Addresses;

/// <summary>
/// OvnEips are mostly followed by a rule, and what uses an address is part of its status. Each waits a moment for its rule, so that its status
/// is written once and not twice, and not while the API server has the rule to store; longer when many are created at once.
/// </summary>
public sealed class NewEips(TimeProvider time)
{
    /// <summary>So many new ones within <see cref="Window"/> are no burst.</summary>
    private const int Few = 10;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Nobody notices, and <c>kubectl apply</c> of a manifest with both has created the rule by then.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan InBurst = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (long Since, TimeSpan Lag)> _waiting = new(StringComparer.Ordinal);
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
        if (!_waiting.TryGetValue(name, out var wait))
        {
            wait = (time.GetTimestamp(), IsBurst() ? InBurst : Moment);
            _waiting[name] = wait;
            return wait.Lag;
        }
        if (wait.Lag - time.GetElapsedTime(wait.Since) is var left && left > TimeSpan.Zero) return left;
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
