using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

/// <summary>The pool gives the same answers as one that looks at every address.</summary>
public sealed class AddressPoolModelTests
{
    [Property(MaxTest = 500)]
    public Property Agrees_with_a_naive_pool()
    {
        var step = Gen.Choose(0, 5).Zip(Gen.Choose(0, 5), (kind, owner) => (Kind: kind, Owner: $"owner-{owner}"))
            .Zip(Gen.Choose(0, 17), (s, address) => new Step(s.Kind, s.Owner, address));
        var scenario = Gen.Elements("10.0.0.0/28", "10.0.0.0/29", "10.0.0.8/31", "fd00::/125")
            .Zip(Gen.Choose(0, 15).ListOf(), (cidr, excluded) => (Cidr: cidr, Excluded: excluded))
            .Zip(step.ListOf(), (s, steps) => new Scenario(Cidr.Parse(s.Cidr), [.. s.Excluded], [.. steps]));
        return Prop.ForAll(scenario.ToArbitrary(), Run);
    }

    private static void Run(Scenario scenario)
    {
        var cidr = scenario.Cidr;
        var gateway = cidr.Usable.First;
        var excluded = scenario.Excluded.Select(offset => At(cidr, offset)).ToArray();
        var pool = new AddressPool(cidr, gateway, excluded.Select(address => new IpRange(address)));
        var naive = new NaivePool(cidr, gateway, excluded);
        foreach (var step in scenario.Steps)
        {
            IpAddress? wanted = step.Kind == 2 ? At(cidr, step.Address) : null;
            if (step.Kind == 3)
            {
                pool.Release(step.Owner).ShouldBe(naive.Release(step.Owner));
            }
            else if (step.Kind == 4)
            {
                pool = pool.Reconfigured(cidr, gateway, excluded.Select(address => new IpRange(address)));
            }
            else
            {
                var expected = naive.Allocate(step.Owner, wanted);
                pool.TryAllocate(step.Owner, wanted, out var address, out var refusal).ShouldBe(expected is not null);
                (refusal is null).ShouldBe(expected is not null);
                if (expected is not null) address.ShouldBe(expected.Value);
            }
            Same(pool, naive);
        }
    }

    private static void Same(AddressPool pool, NaivePool naive)
    {
        (pool.Available, pool.Used, pool.Excluded).ShouldBe(naive.Counts);
        (pool.Available + pool.Used + pool.Excluded).ShouldBe(pool.Size);
        Addresses(pool.UsedRanges()).ShouldBe(naive.Owners.Keys.Order());
        Addresses(pool.AvailableRanges()).ShouldBe(naive.Free.Concat(naive.Released).Order());
        foreach (var (address, owner) in naive.Owners)
        {
            pool.OwnerOf(address).ShouldBe(owner);
            pool.AddressOf(owner).ShouldBe(address);
        }
    }

    private static IEnumerable<IpAddress> Addresses(IEnumerable<IpRange> ranges) =>
        ranges.SelectMany(range => Enumerable.Range(0, (int)range.Size).Select(i => new IpAddress(range.Family, range.First.Value + (uint)i)));

    private static IpAddress At(Cidr cidr, int offset) => new(cidr.Family, cidr.First.Value + (uint)offset);

    private sealed record Scenario(Cidr Cidr, int[] Excluded, Step[] Steps);

    private sealed record Step(int Kind, string Owner, int Address);

    private sealed class NaivePool
    {
        private readonly IpAddress[] _usable;
        private readonly IpAddress[] _excluded;
        private readonly IpAddress _gateway;

        public NaivePool(Cidr cidr, IpAddress gateway, IpAddress[] excluded)
        {
            _usable = [.. Addresses([cidr.Usable])];
            _excluded = [.. excluded.Append(gateway).Distinct().Intersect(_usable)];
            _gateway = gateway;
            Free = new(_usable.Except(_excluded));
        }

        public SortedSet<IpAddress> Free { get; }

        public List<IpAddress> Released { get; } = [];

        public Dictionary<IpAddress, string> Owners { get; } = [];

        public (UInt128 Available, UInt128 Used, UInt128 Excluded) Counts =>
            ((UInt128)(Free.Count + Released.Count), (UInt128)Owners.Count, (UInt128)_excluded.Except(Owners.Keys).Count());

        public IpAddress? Allocate(string owner, IpAddress? wanted)
        {
            var current = Owners.Where(pair => pair.Value == owner).Select(pair => (IpAddress?)pair.Key).FirstOrDefault();
            if (current is not null && (wanted is null || wanted == current)) return current;
            if (wanted is { } w && (!_usable.Contains(w) || w == _gateway || Owners.ContainsKey(w))) return null;
            if (wanted is null && Free.Count + Released.Count == 0) return null;
            Release(owner);
            var address = wanted ?? (Free.Count > 0 ? Free.Min : Released[0]);
            Free.Remove(address);
            Released.Remove(address);
            Owners.Add(address, owner);
            return address;
        }

        public bool Release(string owner)
        {
            foreach (var (address, _) in Owners.Where(pair => pair.Value == owner).ToArray())
            {
                Owners.Remove(address);
                if (!_excluded.Contains(address)) Released.Add(address);
                return true;
            }
            return false;
        }
    }
}
