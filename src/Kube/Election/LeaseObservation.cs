using Sluice.Kube.Core;

namespace Sluice.Kube;

/// <summary>
/// What one candidate has seen of a lease and decides from it. Clocks of different machines are never compared: a holder
/// is alive as long as we see the lease change, and lost when by our own clock it has not changed for its duration.
/// </summary>
/// <remarks>Pure but for its memory of the last change.</remarks>
internal sealed class LeaseObservation(LeaderElectionOptions options)
{
    private LeaseSpec? _seen;
    private TimeSpan _changedAt;

    /// <summary>Who holds the lease, as far as we know; null when nobody does.</summary>
    public string? Holder => _seen?.HolderIdentity is { Length: > 0 } holder ? holder : null;

    public bool IsOurs => Holder == options.Identity;

    public bool IsAnothers => Holder is not null && !IsOurs;

    /// <param name="spec">Null when there is no lease.</param>
    /// <param name="now">A monotonic clock.</param>
    public void See(LeaseSpec? spec, TimeSpan now)
    {
        if (_seen == spec)
            return;
        _seen = spec;
        _changedAt = now;
    }

    /// <summary>True when nobody holds the lease, we do, or its holder has been silent for too long.</summary>
    public bool MayTake(TimeSpan now) => Holder is null || IsOurs || now >= _changedAt + Duration;

    /// <summary>The lease as we want it: ours, renewed now.</summary>
    /// <param name="current">As read, so that the write fails if somebody was faster; null when there is none.</param>
    public Lease Taken(Lease? current, DateTimeOffset utcNow)
    {
        var isRenewal = current?.Spec.HolderIdentity == options.Identity;
        return With(current, new LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds),
            AcquireTime = isRenewal ? current!.Spec.AcquireTime : utcNow,
            RenewTime = utcNow,
            LeaseTransitions = current is null ? 0 : (current.Spec.LeaseTransitions ?? 0) + (isRenewal ? 0 : 1),
        });
    }

    /// <summary>The lease given back: without a holder anybody may take it at once.</summary>
    public Lease Released(Lease current, DateTimeOffset utcNow) => With(current, new LeaseSpec
    {
        LeaseDurationSeconds = 1,
        AcquireTime = utcNow,
        RenewTime = utcNow,
        LeaseTransitions = current.Spec.LeaseTransitions,
    });

    private TimeSpan Duration => _seen?.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration;

    private Lease With(Lease? current, LeaseSpec spec) => current is null
        ? new Lease { Metadata = new ObjectMeta { Namespace = options.Namespace, Name = options.Name }, Spec = spec }
        : current with { Spec = spec };
}
