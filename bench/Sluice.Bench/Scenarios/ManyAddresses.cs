using Sluice.Bench.EndToEnd;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P6, P7, P8, P14: OvnEips and OvnFips created by 32 writers until all are ready, against the same writers and one status write per object
/// by a client that does nothing else; and until the southbound database has them, against ovn-northd's own load of the same rows.
/// </summary>
internal sealed class ManyAddresses : IScenario
{
    private const int Writers = 32;

    public IReadOnlyList<string> Ids => ["P6", "P7", "P8", "P14"];

    public string Title => "OvnEip + OvnFip created by 32 writers until all are ready";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await WithoutWebhookAsync(run, cancellationToken);
        await WithWebhookAsync(run, cancellationToken);
    }

    private static async Task WithoutWebhookAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var cluster = await BenchCluster.UpAsync(cancellationToken);
        var sizes = run.Sizes(10_000).Where(size => size >= 1000).ToArray();
        var floors = new List<CurvePoint>();
        var loads = new Dictionary<int, double>();
        foreach (var size in sizes)
        {
            floors.Add(new(size, await MedianAsync(run, size, () => FloorAsync(cluster, size, cancellationToken))));
            loads[size] = await BulkLoadAsync(cluster, size, cancellationToken);
        }

        await cluster.StartControllerAsync(cancellationToken);
        await WarmUpAsync(cluster, cancellationToken);
        var ours = new List<CurvePoint>();
        foreach (var size in sizes)
        {
            var point = await OursAsync(cluster, run, size, floors[ours.Count].Cost, loads[size], cancellationToken);
            ours.Add(new(size, point));
        }
        run.Add(new Curve("P7", "creating addresses until ready", "OvnEip + OvnFip", "s", [new("Sluice", ours), new("one status write each", floors)]));
    }

    /// <summary>New objects get their finalizer and labels on admission, which leaves one write for each: of its status.</summary>
    private static async Task WithWebhookAsync(BenchRun run, CancellationToken cancellationToken)
    {
        const int Size = 1000;
        await using var cluster = await BenchCluster.UpAsync(cancellationToken, webhook: true);
        var floor = await MedianAsync(run, Size, () => FloorAsync(cluster, Size, cancellationToken));
        await cluster.StartControllerAsync(cancellationToken);
        await cluster.ReviewsAsync(cancellationToken);
        await WarmUpAsync(cluster, cancellationToken);

        List<double> seconds = [], writes = [];
        for (var round = 0; round < run.Rounds; round++)
        {
            await cluster.IdleAsync(cancellationToken);
            var before = await cluster.ApiWritesAsync(cancellationToken);
            var pairs = new Pairs(cluster.Client, "reviewed", 0, Size);
            seconds.Add(await Measure.SecondsAsync(() => Task.WhenAll(pairs.CreateAsync(Writers, cancellationToken), pairs.ReadyAsync(cancellationToken))));
            await cluster.IdleAsync(cancellationToken);
            writes.Add(await cluster.ApiWritesAsync(cancellationToken) - before);
            await pairs.DeleteAsync(cancellationToken);
        }
        run.Add(new Figure("P6", $"{Size:N0} OvnEip + OvnFip until ready, with the webhook", Measure.Median(seconds), floor, "one status write each", "s", 1.3));
        run.Add(new Figure("P6", $"API writes per pair at {Size:N0}, with the webhook", Measure.Median(writes) / Size, null, "", "writes", 2.05));
    }

    /// <summary>The controller is compiled as it is used, and connections are opened: the first pairs pay for that.</summary>
    private static async Task WarmUpAsync(BenchCluster cluster, CancellationToken cancellationToken)
    {
        await cluster.IdleAsync(cancellationToken);
        var pairs = new Pairs(cluster.Client, "warm", 0, 200);
        await Task.WhenAll(pairs.CreateAsync(Writers, cancellationToken), pairs.ReadyAsync(cancellationToken));
        await pairs.DeleteAsync(cancellationToken);
    }

    /// <summary>The median of several rounds; one, where a round takes minutes.</summary>
    private static async Task<double> MedianAsync(BenchRun run, int size, Func<Task<double>> round)
    {
        var costs = new List<double>();
        do costs.Add(await round());
        while (size <= 1000 && costs.Count < run.Rounds);
        return Measure.Median(costs);
    }

    private static async Task<double> FloorAsync(BenchCluster cluster, int size, CancellationToken cancellationToken)
    {
        var pairs = new Pairs(cluster.Client, "floor", 0, size);
        var seconds = await Measure.SecondsAsync(() => Task.WhenAll(
            pairs.CreateAsync(Writers, cancellationToken), pairs.WriteOneStatusEachAsync(Writers, cancellationToken)));
        await pairs.DeleteAsync(cancellationToken);
        return seconds;
    }

    /// <summary>Seconds until ovn-northd has the same rows, given to it at once.</summary>
    private static async Task<double> BulkLoadAsync(BenchCluster cluster, int size, CancellationToken cancellationToken)
    {
        using var raw = new RawOvsdb(cluster.Lab.Ovn.Members[0].Northbound.Socket);
        await raw.CallAsync(RawRows.CreateRouter(), cancellationToken);
        var seconds = await Measure.SecondsAsync(async () =>
        {
            await raw.PipelineAsync(RawRows.NatBatches(size, 100), 4, cancellationToken);
            await cluster.Lab.Nbctl("--wait=sb", "sync").RunAsync(cancellationToken);
        });
        await cluster.Lab.Nbctl("--wait=sb", "lr-del", RawRows.Router).RunAsync(cancellationToken);
        return seconds;
    }

    private static async Task<double> OursAsync(
        BenchCluster cluster, BenchRun run, int size, double floor, double load, CancellationToken cancellationToken)
    {
        var rounds = new List<Cost>();
        do rounds.Add(await OnceAsync(cluster, size, cancellationToken));
        while (size <= 1000 && rounds.Count < run.Rounds);

        var id = size > 1000 ? "P7" : "P6";
        var ready = Of(cost => cost.Ready);
        run.Add(new Figure(id, $"{size:N0} OvnEip + OvnFip until ready", ready, floor, "one status write each", "s", 1.3));
        run.Add(new Figure(id, $"API writes per pair at {size:N0}", Of(cost => cost.Writes) / size, null, "", "writes", null));
        run.Add(new Figure("P8", $"{size:N0} until in the southbound database", Of(cost => cost.Realised), floor + load, "status writes + northd's bulk load", "s", 1.3));
        run.Add(new Figure("P8", $"northbound transactions for {size:N0}", Of(cost => cost.Transactions), null, "", "", size == 1000 ? 30 : null));
        run.Add(new Figure(
            "P14", $"controller's CPU per pair at {size:N0}", Of(cost => cost.Cpu) / size * 1000, Of(cost => cost.ServerCpu) / size * 1000, "API server's", "ms", 0.2));
        return ready;

        double Of(Func<Cost, double> part) => Measure.Median([.. rounds.Select(part)]);
    }

    private static async Task<Cost> OnceAsync(BenchCluster cluster, int size, CancellationToken cancellationToken)
    {
        await cluster.IdleAsync(cancellationToken);
        var pairs = new Pairs(cluster.Client, "ours", 0, size);
        var (controller, server) = (cluster.Lab.Controller, cluster.Lab.ControlPlane.ApiServer);
        var (cpu, serverCpu) = (BenchCluster.CpuSeconds(controller), BenchCluster.CpuSeconds(server));
        var (transactions, writes) = (await cluster.TransactionsAsync(cancellationToken), await cluster.ApiWritesAsync(cancellationToken));

        var ready = 0.0;
        var realised = await Measure.SecondsAsync(async () =>
        {
            ready = await Measure.SecondsAsync(() => Task.WhenAll(pairs.CreateAsync(Writers, cancellationToken), pairs.ReadyAsync(cancellationToken)));
            await cluster.Lab.Nbctl("--wait=sb", "sync").RunAsync(cancellationToken);
        });
        await cluster.IdleAsync(cancellationToken);
        var cost = new Cost(
            ready,
            realised,
            await cluster.TransactionsAsync(cancellationToken) - transactions,
            await cluster.ApiWritesAsync(cancellationToken) - writes,
            BenchCluster.CpuSeconds(controller) - cpu,
            BenchCluster.CpuSeconds(server) - serverCpu);
        await pairs.DeleteAsync(cancellationToken);
        return cost;
    }

    /// <param name="Ready">Seconds until all are ready.</param>
    /// <param name="Realised">Seconds until the southbound database has them.</param>
    /// <param name="Cpu">Seconds of the controller's CPU time.</param>
    /// <param name="ServerCpu">Seconds of the API server's.</param>
    private sealed record Cost(double Ready, double Realised, double Transactions, double Writes, double Cpu, double ServerCpu);
}
