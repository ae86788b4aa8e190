using System.Buffers.Binary;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>Addresses as the kernel writes them: bytes in network order.</summary>
internal static class AddressBytes
{
    public static byte Family(this IpAddress address) => address.Family == IpFamily.V4 ? (byte)NativeMethods.AfInet : (byte)NativeMethods.AfInet6;

    public static byte[] ToBytes(this IpAddress address)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Value);
        return address.Family == IpFamily.V4 ? bytes[12..] : bytes;
    }

    public static byte[] ToBytes(this MacAddress mac)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mac.Value);
        return bytes[2..];
    }

    /// <summary>Null when the length is that of neither family.</summary>
    public static IpAddress? Ip(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => new IpAddress(IpFamily.V4, BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new IpAddress(IpFamily.V6, BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        _ => null,
    };

    /// <summary>Null for links that are no Ethernet.</summary>
    public static MacAddress? Mac(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 6)
            return null;
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.CopyTo(wide[2..]);
        return new MacAddress(BinaryPrimitives.ReadUInt64BigEndian(wide));
    }
}
