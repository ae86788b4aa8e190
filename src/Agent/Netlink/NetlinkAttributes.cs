using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Agent.Netlink;

/// <summary>Walks the attributes of a message: <c>length, type, value</c>, padded to four bytes.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private const int TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Without the bits that mark nested attributes and byte order.</summary>
    public int Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The attribute as it is, header and padding included.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    public readonly int Int32 => MemoryMarshal.Read<int>(Value);

    public readonly string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    public bool MoveNext()
    {
        if (_rest.Length < 4)
            return false;
        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
            return false;
        Type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        Value = _rest[4..length];
        var padded = Math.Min((length + 3) & ~3, _rest.Length);
        Whole = _rest[..padded];
        _rest = _rest[padded..];
        return true;
    }
}
