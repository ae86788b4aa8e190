using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Election;

public sealed class LeaseObservationTests
{
    private static readonly DateTimeOffset Utc = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly LeaseObservation _me = new(new LeaderElectionOptions { Namespace = "ns", Name = "l", Identity = "me" });

    [Fact]
    public void Nobody_holds_what_does_not_exist()
    {
        _me.MayTake(TimeSpan.Zero).ShouldBeTrue();
        _me.Taken(null, Utc).ShouldBe(new Lease
        {
            Metadata = new ObjectMeta { Namespace = "ns", Name = "l" },
            Spec = new LeaseSpec { HolderIdentity = "me", LeaseDurationSeconds = 15, AcquireTime = Utc, RenewTime = Utc, LeaseTransitions = 0 },
        });
    }

    [Fact]
    public void A_holder_keeps_the_lease_as_long_as_it_is_seen_to_change()
    {
        var renewedAt = Utc;
        for (var now = 0; now < 100; now += 10)
        {
            _me.See(Held("other", renewedAt += TimeSpan.FromSeconds(10)), TimeSpan.FromSeconds(now));
            _me.MayTake(TimeSpan.FromSeconds(now + 14.9)).ShouldBeFalse();
        }

        _me.MayTake(TimeSpan.FromSeconds(90 + 15)).ShouldBeTrue();
        (_me.Holder, _me.IsOurs, _me.IsAnothers).ShouldBe(("other", false, true));
    }

    [Fact]
    public void Silence_counts_from_when_we_saw_the_last_change_whatever_the_holders_clock_says()
    {
        // The holder's clock is a day behind, or ahead: only that it ticks matters.
        _me.See(Held("other", Utc.AddDays(-1)), TimeSpan.FromSeconds(100));
        _me.MayTake(TimeSpan.FromSeconds(114)).ShouldBeFalse();
        _me.See(Held("other", Utc.AddDays(1)), TimeSpan.FromSeconds(114));
        _me.See(Held("other", Utc.AddDays(1)), TimeSpan.FromSeconds(128));

        _me.MayTake(TimeSpan.FromSeconds(128)).ShouldBeFalse();
        _me.MayTake(TimeSpan.FromSeconds(129)).ShouldBeTrue();
    }

    [Fact]
    public void The_holders_own_duration_counts()
    {
        _me.See(Held("other", Utc) with { LeaseDurationSeconds = 60 }, TimeSpan.Zero);

        _me.MayTake(TimeSpan.FromSeconds(59)).ShouldBeFalse();
        _me.MayTake(TimeSpan.FromSeconds(60)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_released_lease_may_be_taken_at_once(string? holder)
    {
        _me.See(Held(holder, Utc), TimeSpan.Zero);

        _me.Holder.ShouldBeNull();
        _me.MayTake(TimeSpan.Zero).ShouldBeTrue();
    }

    [Fact]
    public void A_lease_that_was_deleted_may_be_taken_at_once()
    {
        _me.See(Held("other", Utc), TimeSpan.Zero);
        _me.See(null, TimeSpan.FromSeconds(1));

        _me.MayTake(TimeSpan.FromSeconds(1)).ShouldBeTrue();
    }

    [Fact]
    public void Taking_over_counts_a_transition_and_keeps_metadata()
    {
        var theirs = new Lease
        {
            Metadata = new ObjectMeta { Namespace = "ns", Name = "l", ResourceVersion = "7", Labels = new Dictionary<string, string> { ["a"] = "b" } },
            Spec = Held("other", Utc) with { LeaseTransitions = 4, AcquireTime = Utc },
        };
        var later = Utc.AddHours(1);

        var ours = _me.Taken(theirs, later);

        ours.ShouldBe(theirs with
        {
            Spec = new LeaseSpec { HolderIdentity = "me", LeaseDurationSeconds = 15, AcquireTime = later, RenewTime = later, LeaseTransitions = 5 },
        });
    }

    [Fact]
    public void Renewing_keeps_when_and_how_often_the_lease_was_acquired()
    {
        var ours = _me.Taken(null, Utc);

        var renewed = _me.Taken(ours, Utc.AddSeconds(2));

        renewed.ShouldBe(ours with { Spec = ours.Spec with { RenewTime = Utc.AddSeconds(2) } });
    }

    [Fact]
    public void Releasing_leaves_no_holder_and_hardly_any_duration()
    {
        var released = _me.Released(_me.Taken(null, Utc), Utc.AddSeconds(2)).Spec;

        released.ShouldBe(new LeaseSpec { LeaseDurationSeconds = 1, AcquireTime = Utc.AddSeconds(2), RenewTime = Utc.AddSeconds(2), LeaseTransitions = 0 });
    }

    [Theory]
    [InlineData(10, 10, 2)]
    [InlineData(15, 2, 2)]
    [InlineData(15, 10, 0)]
    [InlineData(0.9, 0.5, 0.1)]
    public void Times_that_cannot_work_are_refused(double lease, double renew, double retry)
    {
        var options = new LeaderElectionOptions
        {
            Namespace = "ns",
            Name = "l",
            Identity = "me",
            LeaseDuration = TimeSpan.FromSeconds(lease),
            RenewDeadline = TimeSpan.FromSeconds(renew),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        };

        Should.Throw<ArgumentException>(options.Validated);
    }

    private static LeaseSpec Held(string? by, DateTimeOffset renewedAt) =>
        new() { HolderIdentity = by, LeaseDurationSeconds = 15, RenewTime = renewedAt };
}
