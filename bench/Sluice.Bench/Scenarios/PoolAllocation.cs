using System.Globalization;
using Sluice.Plan.Addressing;

namespace Sluice.Bench.Scenarios;

/// <summary>P13: addresses of a /8, from a pool that is full but for the last one, and a million of them taken and given back.</summary>
internal sealed class PoolAllocation : IScenario
{
    private const int Operations = 1_000_000;
    private static readonly Cidr Block = Cidr.Parse("10.0.0.0/8");

    public IReadOnlyList<string> Ids => ["P13"];

    public string Title => $"addresses of a /8 pool; {Operations:N0} taken and given back";

    public Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var last = new List<double>();
        var many = new List<double>();
        for (var round = 0; round < run.Rounds; round++)
        {
            last.Add(LastAddress());
            many.Add(Many(Operations));
        }

        run.Add(new Figure("P13", "last address of a /8, taken or given back, CPU", Measure.Median(last), null, "", "us", 1));
        run.Add(new Figure("P13", $"{Operations:N0} addresses taken and given back, each, CPU", Measure.Median(many), null, "", "us", 1));
        CurvePoint[] points = [.. run.Sizes().Select(size => new CurvePoint(size, Measure.Median(Enumerable.Range(0, 5).Select(_ => Many(size)))))];
        if (points.Length > 1)
            run.Add(new Curve("P13", "an address taken or given back, CPU", "addresses in use", "us", [new("Sluice", points)]));
        return Task.CompletedTask;
    }

    /// <summary>Microseconds per operation on a pool whose other addresses are excluded in 100,000 ranges with an owned one between each two.</summary>
    private static double LastAddress()
    {
        const int Gaps = 100_000;
        var (first, end) = ((uint)Block.Usable.First.Value, (uint)Block.Usable.Last.Value);
        var stride = (end - first) / Gaps;
        var excluded = Enumerable.Range(0, Gaps).Select(gap => new IpRange(
            Address(first + ((uint)gap * stride) + 1),
            Address(gap == Gaps - 1 ? end - 1 : first + (((uint)gap + 1) * stride) - 1)));
        var pool = new AddressPool(Block, null, excluded);
        for (var gap = 0; gap < Gaps; gap++)
            Take(pool, string.Create(CultureInfo.InvariantCulture, $"owner-{gap}"));

        var microseconds = 1000 * Measure.CpuMilliseconds(() =>
        {
            for (var operation = 0; operation < Operations; operation++)
            {
                Take(pool, "last");
                pool.Release("last");
            }
        });
        return microseconds / (2 * Operations);
    }

    private static double Many(int count)
    {
        var owners = Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"default/pod-{number}")).ToArray();
        var repeat = Math.Max(1, 100_000 / count);
        var pools = Enumerable.Range(0, repeat).Select(_ => new AddressPool(Block, null)).ToArray();
        var microseconds = 1000 * Measure.CpuMilliseconds(() =>
        {
            foreach (var pool in pools)
            {
                foreach (var owner in owners)
                    Take(pool, owner);
                foreach (var owner in owners)
                    pool.Release(owner);
            }
        });
        return microseconds / (2.0 * count * repeat);
    }

    private static void Take(AddressPool pool, string owner)
    {
        if (!pool.TryAllocate(owner, null, out _, out var refusal))
            throw new InvalidOperationException($"{owner} got no address: {refusal}");
    }

    private static IpAddress Address(uint value) => new(IpFamily.V4, value);
}
