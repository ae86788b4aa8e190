using BenchmarkDotNet.Attributes;
using Sluice.Ovsdb;

namespace Sluice.Bench.Micro;

/// <summary>Changes of a replica: the first 10,000 rows, and one row among 10,000.</summary>
public class ReplicaBenchmarks
{
    private const int Rows = 10_000;
    private readonly List<RowChange> _inserts = Updates.Read(Updates.Inserts(Rows), Updates.Empty);
    private ReplicaSnapshot _full = Updates.Empty;
    private List<RowChange> _change = [];

    [GlobalSetup]
    public void Setup()
    {
        _full = Updates.Empty.With(_inserts);
        _change = Updates.Read(Updates.Change(1234), _full);
    }

    [Benchmark]
    public object ApplyTenThousand() => Updates.Empty.With(_inserts);

    [Benchmark]
    public object ApplyOne() => _full.With(_change);
}
