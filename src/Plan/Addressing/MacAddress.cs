using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Plan.Addressing;

/// <summary>A 48-bit Ethernet address.</summary>
public readonly record struct MacAddress
{
    /// <exception cref="ArgumentOutOfRangeException">The value has more than 48 bits.</exception>
    public MacAddress(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0xffff_ffff_ffffUL);
        Value = value;
    }

    /// <summary>The address as a number, first octet most significant.</summary>
    public ulong Value { get; }

    /// <summary>Whether one interface can have it: neither a group address nor all zeros.</summary>
    public bool IsUnicast => Value != 0 && (Value >> 40 & 1) == 0;

    /// <summary>
    /// A locally administered unicast address that follows from its arguments, so that planning twice gives the same.
    /// </summary>
    /// <param name="seed">
    /// What tells this owner from one of the same name elsewhere on the same wire, such as the UID of its object: two clusters may share
    /// an external network.
    /// </param>
    /// <param name="attempt">Counts up while the address turns out to be taken.</param>
    public static MacAddress Generate(string seed, string owner, int attempt = 0)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{owner}\n{attempt}")), hash);
        hash[0] = (byte)((hash[0] | 2) & 0xfe);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash) >> 16);
    }

    /// <summary>Reads six octets of two hexadecimal digits in either case, joined by colons or by hyphens.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress mac)
    {
        mac = default;
        if (text.Length != 17 || text[2] is not (':' or '-')) return false;
        ulong value = 0;
        for (var i = 0; i < text.Length; i += 3)
        {
            if (i > 0 && text[i - 1] != text[2]) return false;
            if (!byte.TryParse(text.Slice(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)) return false;
            value = value << 8 | octet;
        }
        mac = new(value);
        return true;
    }

    /// <summary>Lower case, joined by colons.</summary>
    public override string ToString()
    {
        var v = Value;
        return string.Create(CultureInfo.InvariantCulture,
            $"{v >> 40:x2}:{v >> 32 & 255:x2}:{v >> 24 & 255:x2}:{v >> 16 & 255:x2}:{v >> 8 & 255:x2}:{v & 255:x2}");
    }
}
