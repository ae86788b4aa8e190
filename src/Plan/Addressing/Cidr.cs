using System.Globalization;

namespace Sluice.Plan.Addressing;

/// <summary>A block of addresses that share a prefix. Always in network form: the bits after the prefix are zero.</summary>
public readonly record struct Cidr : IIpValue<Cidr>
{
    /// <summary>The block around <paramref name="address"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The family has no such prefix length.</exception>
    public Cidr(IpAddress address, int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, address.Family.Bits());
        PrefixLength = prefixLength;
        First = new(address.Family, address.Value & ~HostMask(address.Family, prefixLength));
    }

    public IpFamily Family => First.Family;

    public int PrefixLength { get; }

    /// <summary>The network address.</summary>
    public IpAddress First { get; }

    /// <summary>The highest address; in IPv4 the broadcast address.</summary>
    public IpAddress Last => new(Family, First.Value | HostMask(Family, PrefixLength));

    public IpRange Range => new(First, Last);

    /// <summary>
    /// The addresses that hosts may have: not the network and broadcast address of IPv4, not the subnet-router anycast address of IPv6
    /// (RFC 4291 2.6.1). On links between two (RFC 3021, RFC 6164), and for single addresses, all of them.
    /// </summary>
    public IpRange Usable
    {
        get
        {
            if (Family.Bits() - PrefixLength <= 1) return Range;
            var last = Family == IpFamily.V4 ? Last.Value - 1 : Last.Value;
            return new(new(Family, First.Value + 1), new(Family, last));
        }
    }

    /// <summary>The block that is one address.</summary>
    public static Cidr Of(IpAddress address) => new(address, address.Family.Bits());

    /// <exception cref="FormatException">The text is no CIDR.</exception>
    public static Cidr Parse(string text) => TryParse(text, out var cidr) ? cidr : throw new FormatException($"'{text}' is no CIDR");

    /// <summary>Reads <c>ADDRESS/LENGTH</c>; the address may be any of the block.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cidr cidr)
    {
        cidr = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(text[..slash], out var address)) return false;
        var length = text[(slash + 1)..];
        if (length.Length > 1 && length[0] == '0') return false;
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits > address.Family.Bits()) return false;
        cidr = new(address, bits);
        return true;
    }

    public bool Contains(IpAddress address) => Range.Contains(address);

    public bool Contains(Cidr other) => other.Family == Family && other.PrefixLength >= PrefixLength && Contains(other.First);

    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>An address of the block with its prefix length, e.g. <c>10.5.204.105/24</c>, as router ports write it.</summary>
    public string Interface(IpAddress address) => string.Create(CultureInfo.InvariantCulture, $"{address}/{PrefixLength}");

    public override string ToString() => Interface(First);

    private static UInt128 HostMask(IpFamily family, int prefixLength)
    {
        var hostBits = family.Bits() - prefixLength;
        return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
    }
}
