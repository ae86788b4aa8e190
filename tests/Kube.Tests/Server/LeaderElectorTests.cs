using System.Collections.Concurrent;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Server;

[Collection(nameof(ApiServerFixture))]
public sealed class LeaderElectorTests(ApiServerFixture api) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _story = new();
    private string _namespace = "";
    private int _leaders;
    private int _mostLeaders;

    public async Task InitializeAsync() => _namespace = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_leader_that_stops_hands_over_at_once()
    {
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        var first = NewElector(api.Client, "first");
        var leadingFirst = first.RunAsync(term => LeadAsync("first", term), stopFirst.Token);
        await Eventually.TrueAsync(() => first.IsLeader);
        var second = NewElector(api.Client, "second");
        var leadingSecond = second.RunAsync(term => LeadAsync("second", term), stopSecond.Token);
        await Eventually.TrueAsync(() => second.Leader == "first");
        second.IsLeader.ShouldBeFalse();

        await stopFirst.CancelAsync();
        (await leadingFirst).ShouldBeFalse();
        first.IsLeader.ShouldBeFalse();
        await Eventually.TrueAsync(() => second.IsLeader);

        (await LeaseAsync())!.Spec.ShouldSatisfyAllConditions(
            spec => spec.HolderIdentity.ShouldBe("second"),
            spec => spec.LeaseTransitions.ShouldBe(1),
            spec => spec.LeaseDurationSeconds.ShouldBe(3));
        await stopSecond.CancelAsync();
        (await leadingSecond).ShouldBeFalse();
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBeNull();
        _story.ShouldBe(["first leads", "first ends", "second leads", "second ends"]);
        _mostLeaders.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_leader_that_is_cut_off_stops_before_another_takes_over(bool silently)
    {
        await using var network = new CuttableProxy(api.Server.Url);
        using var remote = new KubeClient(api.Client.Config with { Server = network.Url }, new KubeClientOptions { KeepAlive = TimeSpan.FromSeconds(1) });
        using var stop = new CancellationTokenSource();
        var cutOff = NewElector(remote, "cut-off");
        var leading = cutOff.RunAsync(term => LeadAsync("cut-off", term), default);
        await Eventually.TrueAsync(() => cutOff.IsLeader);
        var other = NewElector(api.Client, "other");
        var waiting = other.RunAsync(term => LeadAsync("other", term), stop.Token);
        await Eventually.TrueAsync(() => other.Leader == "cut-off");

        if (silently)
            network.Swallow();
        else
            network.Cut();

        (await leading).ShouldBeTrue();
        await Eventually.TrueAsync(() => _story.Count == 3);
        _story.ShouldBe(["cut-off leads", "cut-off ends", "other leads"]);
        other.IsLeader.ShouldBeTrue();
        _mostLeaders.ShouldBe(1);

        // Back again, it finds the lease taken.
        network.Mend();
        using var again = new CancellationTokenSource();
        var returning = cutOff.RunAsync(term => LeadAsync("cut-off", term), again.Token);
        await Eventually.TrueAsync(() => cutOff.Leader == "other");
        cutOff.IsLeader.ShouldBeFalse();
        await again.CancelAsync();
        (await returning).ShouldBeFalse();
        await stop.CancelAsync();
        (await waiting).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lease_that_was_taken_away_is_lost_at_once()
    {
        var elector = NewElector(api.Client, "me");
        var leading = elector.RunAsync(term => LeadAsync("me", term), default);
        await Eventually.TrueAsync(() => elector.IsLeader);

        await TakeAwayAsync("thief");

        (await leading).ShouldBeTrue();
        elector.Leader.ShouldBe("thief");
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBe("thief");
        _story.ShouldBe(["me leads", "me ends"]);
    }

    [Fact]
    public async Task A_lease_that_somebody_touched_or_deleted_is_kept()
    {
        using var stop = new CancellationTokenSource();
        var elector = NewElector(api.Client, "me");
        var leading = elector.RunAsync(term => LeadAsync("me", term), stop.Token);
        await Eventually.TrueAsync(() => elector.IsLeader);

        var touched = await api.Client.PatchAsync(
            CoreResources.Leases, _namespace, "lease", Patch.Json(new JsonPatch().Add("/metadata/labels", new System.Text.Json.Nodes.JsonObject { ["a"] = "b" })));
        await RenewedAfterAsync(touched);
        await api.Client.DeleteAsync(CoreResources.Leases, _namespace, "lease");
        await RenewedAfterAsync(null);

        elector.IsLeader.ShouldBeTrue();
        await stop.CancelAsync();
        await leading;
        _story.ShouldBe(["me leads", "me ends"]);
    }

    [Fact]
    public async Task Work_that_ends_or_fails_gives_the_lease_back()
    {
        var elector = NewElector(api.Client, "me");
        (await elector.RunAsync(_ => Task.CompletedTask, default)).ShouldBeFalse();
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBeNull();

        var failure = await Should.ThrowAsync<InvalidOperationException>(elector.RunAsync(_ => throw new InvalidOperationException("work"), default));

        failure.Message.ShouldBe("work");
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBeNull();
        (await LeaseAsync())!.Spec.LeaseTransitions.ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_not_touch_leases_waits()
    {
        var config = KubeConfig.Load(await api.Server.CreateKubeConfigAsync("powerless"));
        using var client = new KubeClient(config);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        (await NewElector(client, "powerless").RunAsync(term => LeadAsync("powerless", term), stop.Token)).ShouldBeFalse();

        _story.ShouldBeEmpty();
    }

    private LeaderElector NewElector(KubeClient client, string identity) => new(client, new LeaderElectionOptions
    {
        Namespace = _namespace,
        Name = "lease",
        Identity = identity,
        LeaseDuration = TimeSpan.FromSeconds(3),
        RenewDeadline = TimeSpan.FromSeconds(2),
        RetryPeriod = TimeSpan.FromSeconds(0.3),
    });

    private async Task LeadAsync(string name, CancellationToken term)
    {
        _story.Enqueue($"{name} leads");
        _mostLeaders = Math.Max(_mostLeaders, Interlocked.Increment(ref _leaders));
        await Task.Delay(Timeout.Infinite, term).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _leaders);
        _story.Enqueue($"{name} ends");
    }

    private Task<Lease?> LeaseAsync() => api.Client.FindAsync(CoreResources.Leases, _namespace, "lease");

    private async Task TakeAwayAsync(string thief)
    {
        while (true)
        {
            try
            {
                var lease = (await LeaseAsync())!;
                await api.Client.ReplaceAsync(CoreResources.Leases, lease with { Spec = lease.Spec with { HolderIdentity = thief } });
                return;
            }
            catch (KubeException e) when (e.IsConflict)
            {
                // The holder renewed in between.
            }
        }
    }

    private async Task RenewedAfterAsync(Lease? before)
    {
        while (await LeaseAsync() is not { } lease || lease.Spec.RenewTime == before?.Spec.RenewTime)
            await Task.Delay(TimeSpan.FromMilliseconds(20));
    }
}
