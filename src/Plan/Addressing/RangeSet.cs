using System.Collections;
using System.Globalization;
using System.Text;

namespace Sluice.Plan.Addressing;

/// <summary>
/// A set of addresses of either family, kept as sorted ranges of which no two overlap or touch. Every operation costs O(log n) in the
/// number of ranges it meets, however many addresses they hold.
/// </summary>
public sealed class RangeSet : IEnumerable<IpRange>
{
    // Ranges that overlap compare as equal, so the tree finds the range around an address by looking that address up.
    private readonly SortedSet<IpRange> _ranges = new(Comparer<IpRange>.Create(IpRange.CompareDisjoint));

    public RangeSet()
    {
    }

    public RangeSet(params IEnumerable<IpRange> ranges)
    {
        foreach (var range in ranges) Add(range);
    }

    /// <summary>The number of addresses.</summary>
    public UInt128 Count { get; private set; }

    /// <summary>The number of ranges.</summary>
    public int RangeCount => _ranges.Count;

    public bool Contains(IpAddress address) => _ranges.Contains(new IpRange(address));

    /// <summary>The range that holds the address; false when none does.</summary>
    public bool TryFind(IpAddress address, out IpRange range) => _ranges.TryGetValue(new IpRange(address), out range);

    public void Add(IpAddress address) => Add(new IpRange(address));

    public void Add(IpRange range)
    {
        while (_ranges.TryGetValue(range.Widened(), out var neighbour))
        {
            _ranges.Remove(neighbour);
            Count -= neighbour.Size;
            range = new(Min(range.First, neighbour.First), Max(range.Last, neighbour.Last));
        }
        _ranges.Add(range);
        Count += range.Size;
    }

    public void Remove(IpAddress address) => Remove(new IpRange(address));

    public void Remove(IpRange range)
    {
        while (_ranges.TryGetValue(range, out var hit))
        {
            _ranges.Remove(hit);
            Count -= hit.Size;
            Keep(hit.Before(range));
            Keep(hit.After(range));
        }
    }

    /// <summary>The form of a status: ranges joined by commas, each <c>ADDRESS</c> or <c>FIRST-LAST</c>.</summary>
    public override string ToString() => string.Join(',', _ranges.Select(range => range.ToString("-")));

    /// <summary>The form of a status, with no more ranges than fit into <paramref name="maxLength"/> characters, and how many there are beside.</summary>
    public string ToString(int maxLength)
    {
        var text = new StringBuilder();
        var shown = 0;
        foreach (var range in _ranges)
        {
            var next = range.ToString("-");
            if (text.Length + next.Length + 1 > maxLength)
                return string.Create(CultureInfo.InvariantCulture, $"{text},... and {_ranges.Count - shown} more");
            if (shown++ > 0) text.Append(',');
            text.Append(next);
        }
        return text.ToString();
    }

    public IEnumerator<IpRange> GetEnumerator() => _ranges.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IpAddress Min(IpAddress a, IpAddress b) => a < b ? a : b;

    private static IpAddress Max(IpAddress a, IpAddress b) => a > b ? a : b;

    private void Keep(IpRange? rest)
    {
        if (rest is not { } range) return;
        _ranges.Add(range);
        Count += range.Size;
    }
}
