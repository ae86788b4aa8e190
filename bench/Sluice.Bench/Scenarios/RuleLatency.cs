using System.Text;
using Sluice.Ovn.Northbound;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P3: one rule changes on a router with 100 NAT rows, 10,000 in the database: from the key to the reply, against the reply to one row
/// as bytes.
/// </summary>
internal sealed class RuleLatency : IScenario
{
    private const int Routers = 100;
    private const int PerRouter = 100;
    private const int Changes = 200;

    public IReadOnlyList<string> Ids => ["P3"];

    public string Title => $"one rule changes on a router with {PerRouter} NAT, {Routers * PerRouter:N0} in the database";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var bench = await VpcBench.StartAsync(PerRouter, cancellationToken);
        using var raw = new RawOvsdb(bench.Server.Socket);
        for (var router = 1; router < Routers; router++)
        {
            await raw.CallAsync(RawRows.CreateRouter($"r{router}"), cancellationToken);
            await raw.PipelineAsync(RawRows.NatBatches(PerRouter, PerRouter, $"r{router}"), 1, cancellationToken);
        }

        // The replica is in sync with what was sent before as soon as a transaction of its own is answered.
        bench.Input = BigRouter.WithOneChanged(bench.Input, 0, 0);
        await bench.CommitAsync(cancellationToken);
        Guid[] others = [.. bench.Nb.Current.All<Nat>().Where(row => row.Id?.Owner != VpcBench.Owner).Select(row => row.Uuid)];

        var ours = new List<double>();
        var floor = new List<double>();
        await ChangeAsync(bench, raw, others, Changes, [], [], cancellationToken);
        await ChangeAsync(bench, raw, others, Changes * run.Rounds, ours, floor, cancellationToken);

        var p50 = Measure.Percentile(floor, 50);
        run.Add(new Figure("P3", "key to reply of one changed rule, p50", Measure.Percentile(ours, 50), p50, "raw row, p50", "ms", 3));
        run.Add(new Figure("P3", "key to reply of one changed rule, p99", Measure.Percentile(ours, 99), p50, "raw row, p50", "ms", 10));
        run.Add(new Figure("P3", "  raw row, p99", Measure.Percentile(floor, 99), p50, "raw row, p50", "ms", null));
    }

    private static async Task ChangeAsync(
        VpcBench bench, RawOvsdb raw, Guid[] others, int changes, List<double> ours, List<double> floor, CancellationToken cancellationToken)
    {
        for (var change = 0; change < changes; change++)
        {
            bench.Input = BigRouter.WithOneChanged(bench.Input, change % PerRouter, change);
            ours.Add(1000 * await Measure.SecondsAsync(() => bench.CommitAsync(cancellationToken)));
            var message = Encoding.UTF8.GetBytes(RawRows.ChangeNat(others[change * 97 % others.Length], change));
            floor.Add(1000 * await Measure.SecondsAsync(() => raw.PipelineAsync([message], 1, cancellationToken)));
        }
    }
}
