using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Agent.Netlink;

/// <summary>
/// Builds requests that are sent together: <c>nlmsghdr, family header, attributes</c>, each padded to four bytes (netlink(7)).
/// The kernel works through all of them inside one system call, so a process that is killed leaves all of them done or none.
/// Numbers are in host order; network addresses are bytes.
/// </summary>
internal sealed class NetlinkBatch
{
    private const int HeaderSize = 16;
    private const ushort Request = 0x1;
    private const ushort Ack = 0x4;
    private const ushort Nested = 0x8000;

    private readonly List<(ushort Type, string Description)> _requests = [];
    private byte[] _buffer = new byte[512];
    private int _length;
    private int _start;

    /// <summary>How many requests there are.</summary>
    public int Count => _requests.Count;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>What the request with this sequence number asks for; numbers count up from zero.</summary>
    public (ushort Type, string Description) this[int sequence] => _requests[sequence];

    /// <summary>Starts a request that is acknowledged.</summary>
    /// <param name="flags">NLM_F_CREATE and the like.</param>
    /// <param name="description">For error messages.</param>
    public NetlinkBatch Begin<THeader>(ushort type, ushort flags, in THeader header, string description)
        where THeader : unmanaged
    {
        _start = _length;
        var span = Grow(HeaderSize);
        MemoryMarshal.Write(span[4..], type);
        MemoryMarshal.Write(span[6..], (ushort)(flags | Request | Ack));
        MemoryMarshal.Write(span[8..], Count);
        _requests.Add((type, description));
        MemoryMarshal.Write(Grow(Unsafe.SizeOf<THeader>()), in header);
        return Close();
    }

    /// <summary>Adds the attributes of one request to another, unchanged.</summary>
    public NetlinkBatch Raw(ReadOnlySpan<byte> attributes)
    {
        attributes.CopyTo(Grow(attributes.Length));
        return Close();
    }

    public NetlinkBatch Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var span = Grow(4 + value.Length);
        MemoryMarshal.Write(span, (ushort)(4 + value.Length));
        MemoryMarshal.Write(span[2..], type);
        value.CopyTo(span[4..]);
        return Close();
    }

    public NetlinkBatch Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, in value);
        return Attribute(type, bytes);
    }

    /// <summary>Text with the zero byte that ends it.</summary>
    public NetlinkBatch Attribute(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>An attribute that holds what <paramref name="content"/> adds.</summary>
    public NetlinkBatch Nest(ushort type, Action<NetlinkBatch> content)
    {
        var start = _length;
        var span = Grow(4);
        MemoryMarshal.Write(span[2..], (ushort)(type | Nested));
        content(this);
        MemoryMarshal.Write(_buffer.AsSpan(start), (ushort)(_length - start));
        return Close();
    }

    /// <summary>A structure inside an attribute, such as the ifinfomsg of a veth's peer.</summary>
    public NetlinkBatch Structure<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Grow(Unsafe.SizeOf<T>()), in value);
        return Close();
    }

    private NetlinkBatch Close()
    {
        MemoryMarshal.Write(_buffer.AsSpan(_start), _length - _start);
        return this;
    }

    /// <summary>Room for <paramref name="size"/> bytes and their padding, all zero.</summary>
    private Span<byte> Grow(int size)
    {
        var padded = (size + 3) & ~3;
        if (_length + padded > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + padded));
        var span = _buffer.AsSpan(_length, size);
        _length += padded;
        return span;
    }
}
