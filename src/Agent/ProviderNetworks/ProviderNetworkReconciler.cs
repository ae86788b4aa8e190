using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Agent.Reconcile;
using Sluice.Plan;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>Carries out what <see cref="ProviderNetworkPlanner"/> decides and reports it on the Node.</summary>
internal sealed partial class ProviderNetworkReconciler(
    ProviderNetworkGatherer gatherer,
    ProviderNetworkReporter reporter,
    OvsDatabase ovs,
    NetworkNamespace host,
    LinkWatch watch,
    TimeProvider time,
    ILogger<ProviderNetworkReconciler> logger)
    : IReconciler
{
    public const string KeyKind = "ProviderNetwork";

    /// <summary>
    /// For how long what worked may be away before the node's label says so, which moves the gateways it carries: a driver that is reset, or
    /// ovs-vswitchd that is started again, is back sooner.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Each pass does at least one step; there are never that many.</summary>
    private const int MaxPasses = 10;

    /// <summary>Since when each network that the label calls ready is not.</summary>
    private readonly ConcurrentDictionary<string, long> _awaySince = new(StringComparer.Ordinal);

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var input = await gatherer.GatherAsync(name);
            if (ProviderNetworkPlanner.For(input) is not { } plan)
                return new Outcome.Blocked("OvsNotReady", "the OVS database is not initialised");
            watch.Set(new AgentKey(Kind, name), plan.Watched, input.Links);
            if (plan.IsEmpty)
                return await FinishAsync(input, plan, ct);
            await ExecuteAsync(name, plan, ct);
        }
        throw new InvalidOperationException($"provider network {name} does not come to rest");
    }

    private async Task<Outcome> FinishAsync(ProviderNetworkInput input, ProviderNetworkPlan plan, CancellationToken ct)
    {
        if (plan.Take is { } take && await MoveAsync(take))
            LogMoved(input.Name, take.From, take.To);
        var patience = PatienceLeft(input, plan);
        await reporter.ReportAsync(input, plan, isPatient: patience > TimeSpan.Zero, ct);
        if (patience > TimeSpan.Zero)
            return new Outcome.After(patience);
        return plan.Error is { } error ? new Outcome.Blocked(ProviderNetworkReporter.Failed, error) : Outcome.Done;
    }

    /// <summary>Zero for what may be told at once: that a network works, or that it is not to.</summary>
    private TimeSpan PatienceLeft(ProviderNetworkInput input, ProviderNetworkPlan plan)
    {
        if (plan.Report is { Ready: false, Excluded: false } && input.Network is not null && input.IsReportedReady)
            return Patience - time.GetElapsedTime(_awaySince.GetOrAdd(input.Name, static (_, clock) => clock.GetTimestamp(), time));
        _awaySince.TryRemove(input.Name, out _);
        return TimeSpan.Zero;
    }

    private async Task ExecuteAsync(string name, ProviderNetworkPlan plan, CancellationToken ct)
    {
        foreach (var move in plan.GiveBack)
        {
            if (await MoveAsync(move))
                LogMoved(name, move.From, move.To);
        }
        if (!plan.Remember.IsEmpty)
            await ovs.TransactAsync(plan.Remember, ct);
        if (plan.Rename is { } rename)
        {
            await host.RunAsync(() => LinkRenamer.Rename(rename.From, rename.To));
            if (!rename.Forget.IsEmpty)
                await ovs.TransactAsync(rename.Forget, ct);
        }
        if (!plan.Operations.IsEmpty)
        {
            await ovs.ApplyAsync(plan.Operations, ct);
            LogCommitted(name, plan.Operations.Length);
        }
        foreach (var link in plan.SetDown)
            await SetUpAsync(link, up: false);
        foreach (var link in plan.SetUp)
            await SetUpAsync(link, up: true);
    }

    private Task<bool> MoveAsync(ProviderNetworkPlan.LinkMove move) => host.RunAsync(() =>
    {
        using var netlink = RtNetlink.Open();
        return netlink.Link(move.From) is { } from && netlink.Link(move.To) is { } to && AddressMover.Move(netlink, from, to);
    });

    private Task SetUpAsync(string name, bool up) => host.RunAsync(() =>
    {
        using var netlink = RtNetlink.Open();
        if (netlink.Link(name) is { } link && link.IsUp != up)
            netlink.Execute(new NetlinkBatch().SetUp(link.Index, up));
    });

    [LoggerMessage(20, LogLevel.Information, "Provider network {Name}: {Count} operations on the OVS database")]
    private partial void LogCommitted(string name, int count);

    [LoggerMessage(21, LogLevel.Information, "Provider network {Name}: moved addresses and routes from {From} to {To}")]
    private partial void LogMoved(string name, string from, string to);
}
