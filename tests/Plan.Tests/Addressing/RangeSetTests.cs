using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class RangeSetTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1..10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1..10.0.0.9", "10.0.0.1..10.0.0.9")]
    [InlineData("10.0.0.1 .. 10.0.0.9", "10.0.0.1..10.0.0.9")]
    [InlineData("FD00::1..FD00::ffff", "fd00::1..fd00::ffff")]
    public void Ranges_are_read_as_specs_write_them(string text, string canonical)
    {
        IpRange.TryParse(text, out var range).ShouldBeTrue();
        range.ToString().ShouldBe(canonical);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("10.0.0.1..")]
    [InlineData("10.0.0.1-10.0.0.9")]
    [InlineData("10.0.0.9..10.0.0.1")]
    [InlineData("10.0.0.1..fd00::1")]
    [InlineData("10.0.0.1..10.0.0.2..10.0.0.3")]
    [InlineData("10.0.0.0/24")]
    public void Refuses_what_is_no_range(string text) => IpRange.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Touching_ranges_merge_and_families_stay_apart()
    {
        var set = new RangeSet(Range("10.0.0.4"), Range("10.0.0.1..10.0.0.2"), Range("::"), Range("255.255.255.255"), Range("10.0.0.3"));
        set.ToString().ShouldBe("10.0.0.1-10.0.0.4,255.255.255.255,::");
        set.Count.ShouldBe((UInt128)6);
        set.RangeCount.ShouldBe(3);
    }

    [Fact]
    public void Cutting_a_hole_leaves_both_sides()
    {
        var set = new RangeSet(Range("::..ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        set.Remove(Range("::1..::2"));
        set.ToString().ShouldBe("::,::3-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        set.Count.ShouldBe(UInt128.MaxValue - 1);
    }

    /// <summary>A set of ranges is a set of addresses, whatever was done to it in whatever order.</summary>
    [Property(MaxTest = 300)]
    public Property Behaves_as_a_set_of_addresses()
    {
        var steps = Gen.Choose(0, 1).Select(kind => kind == 0)
            .Zip(Gen.Choose(0, 63).Two(), (add, ends) => (Add: add, First: Math.Min(ends.Item1, ends.Item2), Last: Math.Max(ends.Item1, ends.Item2)))
            .ListOf();
        return Prop.ForAll(steps.ToArbitrary(), list =>
        {
            var set = new RangeSet();
            var model = new SortedSet<int>();
            foreach (var (add, first, last) in list)
            {
                // At the top end of IPv4, where arithmetic would overflow.
                var range = new IpRange(Address(first), Address(last));
                var numbers = Enumerable.Range(first, last - first + 1);
                if (add)
                {
                    set.Add(range);
                    model.UnionWith(numbers);
                }
                else
                {
                    set.Remove(range);
                    model.ExceptWith(numbers);
                }
            }
            var addresses = set.SelectMany(range => Enumerable.Range(Number(range.First), (int)range.Size));
            addresses.ShouldBe(model);
            set.Count.ShouldBe((UInt128)model.Count);
            set.Zip(set.Skip(1)).ShouldAllBe(pair => Number(pair.First.Last) + 1 < Number(pair.Second.First));
            Enumerable.Range(0, 64).Where(n => set.Contains(Address(n))).ShouldBe(model);
            foreach (var number in model)
            {
                set.TryFind(Address(number), out var range).ShouldBeTrue();
                set.ShouldContain(range);
                range.Contains(Address(number)).ShouldBeTrue();
            }
        });
    }

    private static IpRange Range(string text) => IpRange.TryParse(text, out var range) ? range : throw new FormatException(text);

    private static IpAddress Address(int number) => new(IpFamily.V4, uint.MaxValue - 63 + (uint)number);

    private static int Number(IpAddress address) => (int)(address.Value - (uint.MaxValue - 63));
}
