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
            floors.Add(new(size, await FloorAsync(cluster, size, cancellationToken)));
            loads[size] = await BulkLoadAsync(cluster, size, cancellationToken);
        }

        await cluster.StartControllerAsync(cancellationToken);
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
        await cluster.StartControllerAsync(cancellationToken);
        await cluster.IdleAsync(cancellationToken);
        var writes = await cluster.ApiWritesAsync(cancellationToken);
        var pairs = new Pairs(cluster.Client, "reviewed", 0, Size);
        var seconds = await Measure.SecondsAsync(() => Task.WhenAll(pairs.CreateAsync(Writers, cancellationToken), pairs.ReadyAsync(cancellationToken)));
        await cluster.IdleAsync(cancellationToken);
        writes = await cluster.ApiWritesAsync(cancellationToken) - writes;
        run.Add(new Figure("P6", $"{Size:N0} OvnEip + OvnFip until ready, with the webhook", seconds, null, "", "s", null));
        run.Add(new Figure("P6", $"API writes per pair at {Size:N0}, with the webhook", writes / Size, null, "", "writes", 2.05));
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
        await cluster.IdleAsync(cancellationToken);
        var pairs = new Pairs(cluster.Client, "ours", 0, size);
        var (controller, server) = (cluster.Lab.Controller, cluster.Lab.ControlPlane.ApiServer);
        var (cpu, serverCpu) = (BenchCluster.CpuSeconds(controller), BenchCluster.CpuSeconds(server));
        var (transactions, writes) = (await cluster.TransactionsAsync(cancellationToken), await cluster.ApiWritesAsync(cancellationToken));

        var realised = 0.0;
        var seconds = 0.0;
        realised = await Measure.SecondsAsync(async () =>
        {
            seconds = await Measure.SecondsAsync(() => Task.WhenAll(pairs.CreateAsync(Writers, cancellationToken), pairs.ReadyAsync(cancellationToken)));
            await cluster.Lab.Nbctl("--wait=sb", "sync").RunAsync(cancellationToken);
        });
        await cluster.IdleAsync(cancellationToken);
        (cpu, serverCpu) = (BenchCluster.CpuSeconds(controller) - cpu, BenchCluster.CpuSeconds(server) - serverCpu);
        transactions = await cluster.TransactionsAsync(cancellationToken) - transactions;
        writes = await cluster.ApiWritesAsync(cancellationToken) - writes;

        var id = size > 1000 ? "P7" : "P6";
        run.Add(new Figure(id, $"{size:N0} OvnEip + OvnFip until ready", seconds, floor, "one status write each", "s", 1.3));
        run.Add(new Figure(id, $"API writes per pair at {size:N0}", writes / size, null, "", "writes", null));
        run.Add(new Figure("P8", $"{size:N0} until in the southbound database", realised, floor + load, "status writes + northd's bulk load", "s", 1.3));
        run.Add(new Figure("P8", $"northbound transactions for {size:N0}", transactions, null, "", "", size == 1000 ? 30 : null));
        run.Add(new Figure("P14", $"controller's CPU per pair at {size:N0}", cpu / size * 1000, serverCpu / size * 1000, "API server's", "ms", 0.2));
        await pairs.DeleteAsync(cancellationToken);
        return seconds;
    }
}
