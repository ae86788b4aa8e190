using Sluice.Ovn;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P1: floating IPs on one router that exists, from objects to committed rows, against the same rows as bytes in batches of 100 with as
/// many clients attached.
/// </summary>
internal sealed class NatCommit : IScenario
{
    private const int Rows = 10_000;

    public IReadOnlyList<string> Ids => ["P1"];

    public string Title => $"{Rows:N0} NAT rows on one router: plan + diff + commit";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await OursAsync(1000, cancellationToken);
        var ours = new List<double>();
        var floor = new List<double>();
        var transactions = 0L;
        for (var round = 0; round < run.Rounds; round++)
        {
            floor.Add(Rows / await FloorAsync(Rows, cancellationToken));
            (var seconds, transactions) = await OursAsync(Rows, cancellationToken);
            ours.Add(Rows / seconds);
        }

        run.Add(new Figure("P1", $"{Rows:N0} NAT rows from objects to commit", Measure.Median(ours), Measure.Median(floor), "raw batches of 100", "rows/s", 0.5, AtLeast: true));
        run.Add(new Figure("P1", "  transactions that this takes", transactions, null, "", "", null));
        await GrowthAsync(run, cancellationToken);
    }

    private static async Task GrowthAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var ours = new List<CurvePoint>();
        var floor = new List<CurvePoint>();
        foreach (var size in run.Sizes())
        {
            var (seconds, _) = await OursAsync(size, cancellationToken);
            ours.Add(new(size, seconds));
            floor.Add(new(size, await FloorAsync(size, cancellationToken)));
        }

        if (ours.Count > 1)
            run.Add(new Curve("P1", "NAT rows from objects to commit", "rows on one router", "s", [new("Sluice", ours), new("raw batches", floor)]));
    }

    private static async Task<(double Seconds, long Transactions)> OursAsync(int rows, CancellationToken cancellationToken)
    {
        await using var bench = await VpcBench.StartAsync(fips: 0, cancellationToken);
        var before = bench.Nb.Statistics.Transactions;
        bench.Input = BigRouter.Input(rows);
        var seconds = await Measure.SecondsAsync(() => bench.CommitAsync(cancellationToken));
        var written = bench.Nb.Current.Owned<Ovn.Northbound.Nat>(VpcBench.Owner).Count();
        return written == rows
            ? (seconds, bench.Nb.Statistics.Transactions - before)
            : throw new InvalidOperationException($"{written} of {rows} NAT rows were written");
    }

    private static async Task<double> FloorAsync(int rows, CancellationToken cancellationToken)
    {
        await using var server = await OvsdbServer.StartAsync(cancellationToken);
        await using var observer = new NorthboundDatabase(new() { Endpoints = [Ovsdb.Endpoint.Parse(server.Remote)] });
        await observer.StartAsync(cancellationToken);
        using var raw = new RawOvsdb(server.Socket);
        await raw.CallAsync(RawRows.CreateRouter(), cancellationToken);
        var batches = RawRows.NatBatches(rows, 100);
        return await Measure.SecondsAsync(() => raw.PipelineAsync(batches, 4, cancellationToken));
    }
}
