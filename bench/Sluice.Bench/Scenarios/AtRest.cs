using System.Collections.Concurrent;
using System.Diagnostics;
using Sluice.Api;
using Sluice.Bench.EndToEnd;
using Sluice.Kube;
using Sluice.Ovsdb;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// With many addresses in place: P6b, one more pair; P9, a controller that starts; P10, its memory; P11, what it does when nothing happens.
/// </summary>
internal sealed class AtRest : IScenario
{
    private const int Samples = 30;

    /// <summary>What the last one has set off is over by then: each pair comes alone.</summary>
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    public IReadOnlyList<string> Ids => ["P6b", "P9", "P10", "P11"];

    public string Title => "a controller with many addresses in place";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var cluster = await BenchCluster.UpAsync(cancellationToken, webhook: true);
        var floor = await OneByOneFloorAsync(cluster, cancellationToken);
        await cluster.StartControllerAsync(cancellationToken);
        await cluster.ReviewAsync(cancellationToken);
        await cluster.IdleAsync(cancellationToken);

        var size = run.Sizes(10_000).Last();
        var pairs = new Pairs(cluster.Client, "many", 0, size);
        await Task.WhenAll(pairs.CreateAsync(32, cancellationToken), pairs.ReadyAsync(cancellationToken));
        await cluster.IdleAsync(cancellationToken);

        await OneMoreAsync(cluster, run, size, floor, cancellationToken);
        await StartAsync(cluster, run, size, cancellationToken);
        await RestAsync(cluster, run, size, cancellationToken);
    }

    /// <summary>Seconds of the four writes that a pair takes at least, one after the other.</summary>
    private static async Task<double> OneByOneFloorAsync(BenchCluster cluster, CancellationToken cancellationToken)
    {
        var seconds = new List<double>();
        for (var number = 0; number < Samples; number++)
        {
            var name = $"floor-{number}";
            seconds.Add(await Measure.SecondsAsync(async () =>
            {
                await cluster.Client.CreateAsync(SluiceResources.OvnEips, Pairs.Eip(name), cancellationToken);
                await cluster.Client.PatchAsync(SluiceResources.OvnEips, null, name, Patch.Merge(Pairs.Status()), "status", cancellationToken);
                await cluster.Client.CreateAsync(SluiceResources.OvnFips, Pairs.Fip(name, number), cancellationToken);
                await cluster.Client.PatchAsync(SluiceResources.OvnFips, null, name, Patch.Merge(Pairs.Status()), "status", cancellationToken);
            }));
            await cluster.Client.DeleteAsync(SluiceResources.OvnFips, null, name, cancellationToken: cancellationToken);
            await cluster.Client.DeleteAsync(SluiceResources.OvnEips, null, name, cancellationToken: cancellationToken);
        }
        return Measure.Median(seconds);
    }

    private static async Task OneMoreAsync(BenchCluster cluster, BenchRun run, int size, double floor, CancellationToken cancellationToken)
    {
        await using var northbound = new OvsdbClient(new OvsdbOptions
        {
            Endpoints = [Endpoint.Parse(cluster.Lab.Ovn.Members[0].Northbound.Local)],
            Database = "OVN_Northbound",
            Monitor = new Dictionary<string, IReadOnlyList<string>?> { ["NAT"] = ["logical_ip"] },
        });
        var rows = new ConcurrentDictionary<string, TaskCompletionSource<long>>();
        northbound.Replica.Changed += delta =>
        {
            foreach (var change in delta.Changes)
            {
                if (change.New is { } row && rows.TryGetValue(row["logical_ip"].AsString(), out var waiter))
                    waiter.TrySetResult(Stopwatch.GetTimestamp());
            }
        };
        await northbound.StartAsync(cancellationToken);

        var ready = new ConcurrentDictionary<string, TaskCompletionSource<long>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fips = new Informer<OvnFip>(cluster.Client, SluiceResources.OvnFips, new());
        fips.Changed += (_, fip) =>
        {
            if (fip?.Status?.Ready == true && ready.TryGetValue(fip.Metadata.Name, out var waiter))
                waiter.TrySetResult(Stopwatch.GetTimestamp());
        };
        var watching = fips.RunAsync(stop.Token);
        await fips.WaitSyncedAsync(cancellationToken);

        List<double> toRow = [], toReady = [];
        for (var number = 0; number < Samples; number++)
        {
            await Task.Delay(BetweenSamples, cancellationToken);
            var (name, fip) = ($"one-{number}", Pairs.Fip($"one-{number}", size + number));
            var row = rows.GetOrAdd(fip.Spec.V4Ip!, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
            var done = ready.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
            var started = Stopwatch.GetTimestamp();
            await cluster.Client.CreateAsync(SluiceResources.OvnEips, Pairs.Eip(name), cancellationToken);
            await cluster.Client.CreateAsync(SluiceResources.OvnFips, fip, cancellationToken);
            toRow.Add(Stopwatch.GetElapsedTime(started, await row.Task.WaitAsync(cancellationToken)).TotalSeconds);
            toReady.Add(Stopwatch.GetElapsedTime(started, await done.Task.WaitAsync(cancellationToken)).TotalSeconds);
        }
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        run.Add(new Figure("P6b", $"one pair, {size:N0} in place: POST until the NAT row, p50", Measure.Median(toRow) * 1000, floor * 1000, "four writes", "ms", 1.5));
        run.Add(new Figure("P6b", $"one pair, {size:N0} in place: POST until ready, p50", Measure.Median(toReady) * 1000, floor * 1000, "four writes", "ms", 1.5));
    }

    private static async Task StartAsync(BenchCluster cluster, BenchRun run, int size, CancellationToken cancellationToken)
    {
        List<double> ours = [], floors = [];
        double writes = 0;
        await cluster.IdleAsync(cancellationToken);
        for (var round = 0; round < Math.Min(run.Rounds, 3); round++)
        {
            // Told to stop it gives its lease back, so that the next one need not wait for it to expire.
            await cluster.Lab.Controller.StopAsync(cancellationToken);
            floors.Add(await Measure.SecondsAsync(() => Task.WhenAll(
                cluster.Client.ListAsync(SluiceResources.OvnEips, new ListOptions { ResourceVersion = "0" }, cancellationToken),
                cluster.Client.ListAsync(SluiceResources.OvnFips, new ListOptions { ResourceVersion = "0" }, cancellationToken),
                DumpAsync(cluster, cancellationToken))));
            ours.Add(await Measure.SecondsAsync(async () =>
            {
                await cluster.StartControllerAsync(cancellationToken);
                await cluster.IdleAsync(cancellationToken);
            }));
            writes += await cluster.TransactionsAsync(cancellationToken) + await cluster.ApiWritesAsync(cancellationToken);
        }
        run.Add(new Figure("P9", $"start with {size:N0} pairs until in sync", Measure.Median(ours), Measure.Median(floors), "lists + raw dump", "s", 1.5));
        run.Add(new Figure("P9", "writes of those starts", writes, null, "", "", 0));
    }

    private static async Task RestAsync(BenchCluster cluster, BenchRun run, int size, CancellationToken cancellationToken)
    {
        await cluster.IdleAsync(cancellationToken);
        var (transactions, writes) = (await cluster.TransactionsAsync(cancellationToken), await cluster.ApiWritesAsync(cancellationToken));
        var cpu = CpuShares.Seconds(cluster.Lab.Controller);
        await Task.Delay(Rest, cancellationToken);
        cpu = CpuShares.Seconds(cluster.Lab.Controller) - cpu;
        run.Add(new Figure("P10", $"memory at rest with {size:N0} pairs", BenchCluster.Megabytes(cluster.Lab.Controller), null, "", "MB", 250));
        run.Add(new Figure("P11", $"CPU at rest with {size:N0} pairs", cpu / Rest.TotalSeconds * 100, null, "", "% of a core", 1));
        run.Add(new Figure(
            "P11",
            "writes at rest, but for the lease",
            await cluster.TransactionsAsync(cancellationToken) - transactions + await cluster.ApiWritesAsync(cancellationToken) - writes,
            null, "", "", 0));
    }

    private static async Task DumpAsync(BenchCluster cluster, CancellationToken cancellationToken)
    {
        using var raw = new RawOvsdb(cluster.Lab.Ovn.Members[0].Northbound.Socket);
        await raw.PipelineAsync(
            [
                System.Text.Encoding.UTF8.GetBytes(
                    $$"""{"method":"monitor_cond_since","id":1,"params":["OVN_Northbound","m",{"NAT":[{}],"Logical_Router":[{}],"Logical_Switch":[{}]},"{{Guid.Empty}}"]}"""),
            ],
            1,
            cancellationToken);
    }
}
