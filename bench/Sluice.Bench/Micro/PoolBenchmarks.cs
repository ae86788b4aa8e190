using BenchmarkDotNet.Attributes;
using Sluice.Plan.Addressing;

namespace Sluice.Bench.Micro;

/// <summary>An address of a /8 with 100,000 in use, taken and given back.</summary>
public class PoolBenchmarks
{
    private readonly AddressPool _pool = new(Cidr.Parse("10.0.0.0/8"), null);

    [GlobalSetup]
    public void Setup()
    {
        for (var number = 0; number < 100_000; number++)
            _pool.TryAllocate($"owner-{number}", null, out _, out _);
    }

    [Benchmark]
    public bool TakeAndGiveBack() => _pool.TryAllocate("owner", null, out _, out _) && _pool.Release("owner");
}
