using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Agent.Reconcile;
using Sluice.Plan;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>Carries out what <see cref="ProviderNetworkPlanner"/> decides and reports it on the Node.</summary>
internal sealed partial class ProviderNetworkReconciler(
    ProviderNetworkGatherer gatherer, ProviderNetworkReporter reporter, OvsDatabase ovs, NetworkNamespace host, LinkWatch watch, ILogger<ProviderNetworkReconciler> logger)
    : IReconciler
{
    public const string KeyKind = "ProviderNetwork";

    /// <summary>Each pass does at least one step; there are never that many.</summary>
    private const int MaxPasses = 10;

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
        await reporter.ReportAsync(input, plan, ct);
        return plan.Error is { } error ? new Outcome.Blocked(ProviderNetworkReporter.Failed, error) : Outcome.Done;
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
