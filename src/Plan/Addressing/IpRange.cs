namespace Sluice.Plan.Addressing;

/// <summary>All addresses of one family from <see cref="First"/> to <see cref="Last"/>, both included.</summary>
public readonly record struct IpRange
{
    private readonly UInt128 _first;
    private readonly UInt128 _last;

    /// <exception cref="ArgumentException">The families differ, or the last address comes before the first.</exception>
    public IpRange(IpAddress first, IpAddress last)
    {
        if (first.Family != last.Family || first > last) throw new ArgumentException($"'{first}..{last}' is no range of addresses");
        (Family, _first, _last) = (first.Family, first.Value, last.Value);
    }

    public IpRange(IpAddress only)
        : this(only, only)
    {
    }

    public IpFamily Family { get; }

    public IpAddress First => new(Family, _first);

    public IpAddress Last => new(Family, _last);

    /// <summary>The number of addresses, modulo 2^128: only the whole of IPv6 counts as zero.</summary>
    public UInt128 Size => unchecked(_last - _first + 1);

    /// <summary>Reads <c>ADDRESS</c> or <c>FIRST..LAST</c>, as specs write ranges.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpRange range)
    {
        range = default;
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var first = dots < 0 ? text : text[..dots];
        var last = dots < 0 ? text : text[(dots + 2)..];
        if (!IpAddress.TryParse(first.Trim(), out var a) || !IpAddress.TryParse(last.Trim(), out var b)) return false;
        if (a.Family != b.Family || a > b) return false;
        range = new(a, b);
        return true;
    }

    public bool Contains(IpAddress address) => address.Family == Family && _first <= address.Value && address.Value <= _last;

    public bool Overlaps(IpRange other) => CompareDisjoint(this, other) == 0;

    /// <summary>The addresses that are in both ranges.</summary>
    public IpRange? Intersect(IpRange other) =>
        Overlaps(other) ? new IpRange(new(Family, UInt128.Max(_first, other._first)), new(Family, UInt128.Min(_last, other._last))) : null;

    /// <summary>The form of specs: <c>ADDRESS</c> or <c>FIRST..LAST</c>.</summary>
    public override string ToString() => ToString("..");

    internal string ToString(string separator) => _first == _last ? First.ToString() : $"{First}{separator}{Last}";

    /// <summary>The range with one more address at each end, where there is one.</summary>
    internal IpRange Widened() => new(
        new(Family, _first == 0 ? 0 : _first - 1),
        new(Family, _last == Family.Max() ? _last : _last + 1));

    /// <summary>What is left of the range before <paramref name="cut"/>, which overlaps it.</summary>
    internal IpRange? Before(IpRange cut) => _first < cut._first ? new IpRange(First, new(Family, cut._first - 1)) : null;

    /// <summary>What is left of the range after <paramref name="cut"/>, which overlaps it.</summary>
    internal IpRange? After(IpRange cut) => _last > cut._last ? new IpRange(new(Family, cut._last + 1), Last) : null;

    /// <summary>Which of two ranges comes first; zero when they overlap. An order only among ranges that do not.</summary>
    internal static int CompareDisjoint(IpRange a, IpRange b)
    {
        if (a.Family != b.Family) return a.Family.CompareTo(b.Family);
        if (a._last < b._first) return -1;
        return a._first > b._last ? 1 : 0;
    }
}
