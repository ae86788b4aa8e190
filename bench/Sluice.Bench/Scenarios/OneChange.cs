using Sluice.Ovn;

namespace Sluice.Bench.Scenarios;

/// <summary>P4: what one changed rule costs us, in CPU time, while everything else on its router is in place.</summary>
internal sealed class OneChange : IScenario
{
    private const int Rows = 10_000;
    private const int Changes = 40;

    public IReadOnlyList<string> Ids => ["P4"];

    public string Title => $"one rule changes on a router with {Rows:N0} NAT: plan + diff";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var ours = new List<CurvePoint>();
        foreach (var size in run.Sizes().Append(Rows).Distinct())
        {
            var cost = await MeasureAsync(size, Math.Max(1, run.Rounds / 2), cancellationToken);
            ours.Add(new(size, cost.Plan + cost.Diff));
            if (size != Rows)
                continue;
            run.Add(new Figure("P4", $"one change among {Rows:N0}: plan + diff, CPU", cost.Plan + cost.Diff, null, "", "ms", 5));
            run.Add(new Figure("P4", "  of which the plan", cost.Plan, null, "", "ms", null));
            run.Add(new Figure("P4", "  of which the diff", cost.Diff, null, "", "ms", null));
            run.Add(new Figure("P4", "  memory allocated by both", cost.Kilobytes, null, "", "kB", null));
            run.Add(new Figure("P4", "nothing changed: plan + diff, CPU", cost.Unchanged, null, "", "ms", 5));
        }

        if (ours.Count > 1)
            run.Add(new Curve("P4", "one change: plan + diff, CPU", "rows on the router", "ms", [new("Sluice", ours)]));
    }

    private static async Task<(double Plan, double Diff, double Unchanged, double Kilobytes)> MeasureAsync(
        int rows, int rounds, CancellationToken cancellationToken)
    {
        var plans = new List<double>();
        var diffs = new List<double>();
        var unchanged = new List<double>();
        var allocated = new List<double>();
        await using var bench = await VpcBench.StartAsync(rows, cancellationToken);
        await bench.CommitAsync(cancellationToken);
        for (var change = 0; change < Changes * rounds; change++)
        {
            bench.Input = BigRouter.WithOneChanged(bench.Input, change * 97 % rows, change);
            var before = GC.GetAllocatedBytesForCurrentThread();
            IReadOnlyList<DesiredRow> planned = [];
            plans.Add(Measure.CpuMilliseconds(() => planned = bench.Plan()));
            Changes? changes = null;
            diffs.Add(Measure.CpuMilliseconds(() => changes = bench.Diff(planned)));
            allocated.Add((GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0);
            if (changes is not { Updated: 1, Inserted: 0, Deleted: 0 })
                throw new InvalidOperationException($"One change of a rule should be one changed row, but is {changes}");
            await bench.Nb.CommitAsync(VpcBench.Owner, changes, cancellationToken);

            // The row that was just written is looked at again, so the second time is the one where nothing is new.
            bench.Diff(bench.Plan());
            unchanged.Add(Measure.CpuMilliseconds(() => changes = bench.Diff(bench.Plan())));
            if (!changes.IsEmpty)
                throw new InvalidOperationException($"Nothing changed, but there are {changes.Operations.Length} operations");
        }

        return (Measure.Median(plans), Measure.Median(diffs), Measure.Median(unchanged), Measure.Median(allocated));
    }
}
