using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sluice.Plan.Addressing;

/// <summary>
/// An IPv4 or IPv6 address. Ordered by family, then by value. The text form is canonical (RFC 5952 for IPv6), so two addresses are
/// equal exactly when their texts are.
/// </summary>
public readonly record struct IpAddress : IComparable<IpAddress>, IIpValue<IpAddress>
{
    private static readonly SearchValues<char> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <exception cref="ArgumentOutOfRangeException">The value does not fit the family.</exception>
    public IpAddress(IpFamily family, UInt128 value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, family.Max());
        Family = family;
        Value = value;
    }

    public IpFamily Family { get; }

    /// <summary>The address as a number, most significant bit first.</summary>
    public UInt128 Value { get; }

    /// <exception cref="FormatException">The text is no address.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no IP address");

    /// <summary>
    /// Reads dotted decimal without leading zeros, or IPv6 in any of the forms of RFC 4291 in either case, without zone or brackets.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        if (text.Contains(':')) return TryParseV6(text, out address);
        return TryParseV4(text, out address);
    }

    public int CompareTo(IpAddress other) => Family == other.Family ? Value.CompareTo(other.Value) : Family.CompareTo(other.Family);

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    public override string ToString() => Family == IpFamily.V4 ? FormatV4((uint)Value) : FormatV6(Value);

    // System.Net.IPAddress would also read "1", "0x7f.1" and "010.0.0.1".
    private static bool TryParseV4(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        uint value = 0;
        var octets = 0;
        foreach (var part in text.Split('.'))
        {
            var octet = text[part];
            if (octet.Length is 0 or > 3 || (octet.Length > 1 && octet[0] == '0')) return false;
            if (!byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
            value = value << 8 | number;
            octets++;
        }
        if (octets != 4) return false;
        address = new(IpFamily.V4, value);
        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.ContainsAnyExcept(V6Characters) || !IPAddress.TryParse(text, out var parsed)) return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out var written) || written != bytes.Length) return false;
        address = new(IpFamily.V6, BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    private static string FormatV4(uint value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}");

    // System.Net.IPAddress would write some addresses that are not IPv4-mapped with dots too.
    private static string FormatV6(UInt128 value)
    {
        if (value >> 32 == 0xffff) return "::ffff:" + FormatV4((uint)value);
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < groups.Length; i++) groups[i] = (ushort)(value >> (112 - 16 * i));
        var (start, length) = LongestZeros(groups);
        var text = new StringBuilder(39);
        for (var i = 0; i < groups.Length; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }
            if (i > 0 && text[^1] != ':') text.Append(':');
            text.Append(CultureInfo.InvariantCulture, $"{groups[i]:x}");
        }
        return text.ToString();
    }

    // RFC 5952 4.2: the first of the longest runs of at least two zero groups.
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        var best = (Start: -1, Length: 1);
        for (var i = 0; i < groups.Length; i++)
        {
            var end = i;
            while (end < groups.Length && groups[end] == 0) end++;
            if (end - i > best.Length) best = (i, end - i);
            i = end;
        }
        return best;
    }
}
