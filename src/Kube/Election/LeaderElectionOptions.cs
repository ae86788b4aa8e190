namespace Sluice.Kube;

/// <summary>Which lease to hold, as whom, and how fast to give up and to take over.</summary>
public sealed record LeaderElectionOptions
{
    public required string Namespace { get; init; }

    /// <summary>Name of the Lease (coordination.k8s.io/v1).</summary>
    public required string Name { get; init; }

    /// <summary>Unique among all processes that ever compete for the lease, the next incarnation of this one included.</summary>
    public required string Identity { get; init; }

    /// <summary>How long the others wait after the last renewal that they saw.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for this long has stopped leading; shorter than <see cref="LeaseDuration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between attempts to acquire or to renew; shorter than <see cref="RenewDeadline"/>.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Give the lease back when leading ends, so that the next leader need not wait.</summary>
    public bool ReleaseOnStop { get; init; } = true;

    internal LeaderElectionOptions Validated()
    {
        if (LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration <= RenewDeadline || RenewDeadline <= RetryPeriod || RetryPeriod <= TimeSpan.Zero)
            throw new ArgumentException($"Need lease duration > renew deadline > retry period > 0, not {LeaseDuration} > {RenewDeadline} > {RetryPeriod}");
        return this;
    }
}
