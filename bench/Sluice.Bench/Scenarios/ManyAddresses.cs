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
        var sizes = run.Sizes(10_000).Where(size => size >= 1000).ToArray();
        await MeasureAsync(run, sizes, webhook: true, cancellationToken);
        await MeasureAsync(run, sizes[..1], webhook: false, cancellationToken);
    }

    /// <param name="webhook">
    /// Whether new objects get their finalizer and labels on admission, which leaves one write for each: of its status. The floors are those
    /// of an API server that asks nobody.
    /// </param>
    private static async Task MeasureAsync(BenchRun run, int[] sizes, bool webhook, CancellationToken cancellationToken)
    {
        await using var cluster = await BenchCluster.UpAsync(cancellationToken, webhook);
        var floors = new Dictionary<int, Cost>();
        var loads = new Dictionary<int, double>();
        foreach (var size in sizes)
        {
            floors[size] = await MedianAsync(run, size, () => FloorAsync(cluster, size, cancellationToken));
            loads[size] = await BulkLoadAsync(cluster, size, cancellationToken);
        }

        await cluster.StartControllerAsync(cancellationToken);
        if (webhook) await cluster.ReviewAsync(cancellationToken);
        await WarmUpAsync(cluster, cancellationToken);
        var ours = new List<CurvePoint>();
        foreach (var size in sizes)
        {
            var cost = await MedianAsync(run, size, () => OursAsync(cluster, size, cancellationToken));
            Report(run, size, webhook ? "" : ", without the webhook", cost, floors[size], loads[size]);
            ours.Add(new(size, cost.Ready));
        }
        if (sizes.Length > 1)
        {
            run.Add(new Curve("P7", "creating addresses until ready", "OvnEip + OvnFip", "s",
                [new("Sluice", ours), new("one status write each", [.. sizes.Select(size => new CurvePoint(size, floors[size].Ready))])]));
        }
    }

    private static void Report(BenchRun run, int size, string how, Cost ours, Cost floor, double load)
    {
        var id = size > 1000 ? "P7" : "P6";
        run.Add(new Figure(id, $"{size:N0} OvnEip + OvnFip until ready{how}", ours.Ready, floor.Ready, "one status write each", "s", 1.3));
        run.Add(new Figure(id, $"API writes per pair at {size:N0}{how}", ours.Writes / size, null, "", "writes", how.Length == 0 ? 2.05 : null));
        run.Add(new Figure("P8", $"{size:N0} until in the southbound database{how}", ours.Realised, floor.Ready + load, "status writes + northd's bulk load", "s", 1.3));
        run.Add(new Figure("P8", $"northbound transactions for {size:N0}{how}", ours.Transactions, null, "", "", size == 1000 ? 30 : null));

        double PerPair(Cost cost, string program) => cost.Cpu.GetValueOrDefault(program) / size * 1000;
        const string ApiServer = "apiserver";
        run.Add(new Figure("P14", $"controller's CPU per pair at {size:N0}{how}", PerPair(ours, "controller"), PerPair(ours, ApiServer), "API server's", "ms", 0.2));
        foreach (var program in ours.Cpu.Keys.Where(program => PerPair(ours, program) >= 0.1))
            run.Add(new Figure("P14", $"  CPU per pair at {size:N0}{how}, {program}", PerPair(ours, program), PerPair(floor, program), "one status write each", "ms", null));
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
    private static async Task<Cost> MedianAsync(BenchRun run, int size, Func<Task<Cost>> round)
    {
        var costs = new List<Cost>();
        do costs.Add(await round());
        while (size <= 1000 && costs.Count < run.Rounds);
        return new(
            Of(cost => cost.Ready),
            Of(cost => cost.Realised),
            Of(cost => cost.Transactions),
            Of(cost => cost.Writes),
            costs[0].Cpu.Keys.ToDictionary(program => program, program => Of(cost => cost.Cpu[program])));

        double Of(Func<Cost, double> part) => Measure.Median(costs.Select(part));
    }

    private static async Task<Cost> FloorAsync(BenchCluster cluster, int size, CancellationToken cancellationToken)
    {
        var pairs = new Pairs(cluster.Client, "floor", 0, size);
        var start = CpuShares.Of(cluster);
        var seconds = await Measure.SecondsAsync(() => Task.WhenAll(
            pairs.CreateAsync(Writers, cancellationToken), pairs.WriteOneStatusEachAsync(Writers, cancellationToken)));
        var cost = new Cost(seconds, seconds, 0, 2 * size, CpuShares.Of(cluster).Since(start));
        await pairs.DeleteAsync(cancellationToken);
        return cost;
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

    private static async Task<Cost> OursAsync(BenchCluster cluster, int size, CancellationToken cancellationToken)
    {
        await cluster.IdleAsync(cancellationToken);
        var pairs = new Pairs(cluster.Client, "ours", 0, size);
        var (transactions, writes) = (await cluster.TransactionsAsync(cancellationToken), await cluster.ApiWritesAsync(cancellationToken));
        var start = CpuShares.Of(cluster);

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
            CpuShares.Of(cluster).Since(start));
        await pairs.DeleteAsync(cancellationToken);
        return cost;
    }

    /// <param name="Ready">Seconds until all are ready.</param>
    /// <param name="Realised">Seconds until the southbound database has them.</param>
    /// <param name="Writes">Of the API server, beside creating the objects.</param>
    /// <param name="Cpu">Seconds of CPU time of each program.</param>
    private sealed record Cost(double Ready, double Realised, double Transactions, double Writes, IReadOnlyDictionary<string, double> Cpu);
}
