using System.Collections.Concurrent;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Controller.Addresses;

/// <summary>
/// Addresses of OvnEips that are on their way to be stored: the API server asks before it stores an object, so that what it stores can have
/// its labels already. Nothing depends on a promise: when it is forgotten, the object gets an address as ever, and its labels are corrected.
/// </summary>
public sealed class AddressPromises : IDisposable
{
    /// <summary>Later than this the API server has given up on a request (its <c>--request-timeout</c> is a minute).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>So many times as much must be free as was promised: whoever creates objects that others refuse takes addresses from nobody.</summary>
    private const int Spare = 10;

    private readonly Cluster _cluster;
    private readonly AddressBook _book;
    private readonly Action<OwnerKey> _overdue;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly ConcurrentDictionary<string, Promise> _coming = new(StringComparer.Ordinal);
    private bool _isWaiting;

    /// <param name="overdue">Called with those that no object came for: to be looked at, and taken back.</param>
    public AddressPromises(Cluster cluster, AddressBook book, Action<OwnerKey> overdue, TimeProvider time)
    {
        (_cluster, _book, _overdue, _time) = (cluster, book, overdue, time);
        _timer = time.CreateTimer(static self => ((AddressPromises)self!).LookForOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Follows the caches; call once, before they start.</summary>
    public void Attach() => _cluster.Eips.Informer.Changed += (_, eip) =>
    {
        if (eip is not null) _coming.TryRemove(eip.Metadata.Name, out Promise? _);
    };

    public void Dispose() => _timer.Dispose();

    /// <summary>Gives addresses to an object that somebody creates.</summary>
    /// <param name="request">Names the request, for a hardware address that nobody else draws.</param>
    /// <returns>Null when it gets none now, or exists already.</returns>
    public AddressGrant? Make(OvnEip eip, string request)
    {
        // The server makes up a name later.
        var name = eip.Metadata.Name;
        if (string.IsNullOrEmpty(name) || _cluster.Eips.Find(name) is not null || _coming.ContainsKey(name)) return null;

        var claim = AddressClaims.Of(eip, _cluster.Defaults.SubnetOf(eip)) with { MacSeed = request };
        if (_book.TryClaim(claim, Spare * (_coming.Count + 1)) is not { } grant) return null;

        _coming[name] = new(eip, _time.GetTimestamp());
        Wait();
        return grant;
    }

    /// <summary>An OvnEip, stored or on its way, with the addresses that it has or will have.</summary>
    public OvnEip? Find(string name)
    {
        var eip = _cluster.Eips.Find(name) ?? _coming.GetValueOrDefault(name)?.Eip;
        return eip is not null && LeaseOf(eip) is { } lease ? WithLease(eip, lease) : eip;
    }

    /// <summary>
    /// A stored OvnEip, with the addresses that it will have if its labels name them: another process that takes over then keeps them, so that
    /// rules may use them.
    /// </summary>
    public OvnEip? FindStored(string name)
    {
        var eip = _cluster.Eips.Find(name);
        return eip is not null && LeaseOf(eip) is { } lease && lease.Addresses == AddressClaims.PromisedTo(eip) ? WithLease(eip, lease) : eip;
    }

    /// <summary>
    /// Gives back what was promised to an object that never came to be. One that may still come keeps it: of the objects that a user creates
    /// one after the other we may hear in another order, and are called to look at an OvnEip by the rule that names it.
    /// </summary>
    public void TakeBack(OwnerKey owner)
    {
        if (_coming.TryGetValue(owner.Name, out var promise) && IsOverdue(promise) && _coming.TryRemove(owner.Name, out _)) _book.Release(owner);
    }

    private void Wait()
    {
        if (!Interlocked.Exchange(ref _isWaiting, true)) _timer.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void LookForOverdue()
    {
        Volatile.Write(ref _isWaiting, false);
        foreach (var (name, promise) in _coming)
        {
            if (IsOverdue(promise)) _overdue(EipPlan.OwnerOf(name));
            else Wait();
        }
    }

    private bool IsOverdue(Promise promise) => _time.GetElapsedTime(promise.MadeAt) >= Patience;

    /// <summary>What was given to one whose status does not say so yet; null when there is nothing to add to it.</summary>
    private Lease? LeaseOf(OvnEip eip) =>
        string.IsNullOrEmpty(eip.Status?.V4Ip) && string.IsNullOrEmpty(eip.Status?.V6Ip) ? _book.LeaseOf(EipPlan.OwnerOf(eip.Metadata.Name)) : null;

    private static OvnEip WithLease(OvnEip eip, Lease lease)
    {
        var grant = new AddressGrant(lease, null);
        return eip with
        {
            Status = (eip.Status ?? new()) with
            {
                V4Ip = grant.Text(IpFamily.V4),
                V6Ip = grant.Text(IpFamily.V6),
                MacAddress = grant.Mac,
                Type = eip.Spec.Type,
                Ready = true,
            },
        };
    }

    /// <param name="MadeAt">As a timestamp.</param>
    private sealed record Promise(OvnEip Eip, long MadeAt);
}
