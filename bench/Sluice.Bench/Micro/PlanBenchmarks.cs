using BenchmarkDotNet.Attributes;
using Sluice.Ovn;
using Sluice.Plan.Vpcs;

namespace Sluice.Bench.Micro;

/// <summary>The plan of a VPC with 10,000 floating IPs, and its comparison with a database that has them.</summary>
public class PlanBenchmarks
{
    private const int Rows = 10_000;
    private readonly VpcPlanMemory _memory = new();
    private VpcInput[] _inputs = [];
    private IReadOnlyList<DesiredRow> _rows = [];
    private VpcBench _bench = null!;
    private int _turn;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _bench = await VpcBench.StartAsync(Rows, CancellationToken.None);
        _inputs = [_bench.Input, BigRouter.WithOneChanged(_bench.Input, 1234, 1)];
        _rows = VpcPlan.For(_bench.Input).Rows;
        _bench.Diff(_rows);
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _bench.DisposeAsync();

    [Benchmark]
    public object PlanFromScratch() => VpcPlan.For(_inputs[0]);

    [Benchmark]
    public object PlanOneChange() => VpcPlan.For(_inputs[_turn ^= 1], _memory);

    [Benchmark]
    public object DiffNothing() => _bench.Diff(_rows);

    [Benchmark]
    public object DiffFromScratch() => _bench.Diff([.. _rows.Select(row => row with { })]);
}
