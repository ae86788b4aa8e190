using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sluice.Agent.Netlink;

/// <summary>
/// A NETLINK_ROUTE socket (rtnetlink(7)) of the network namespace that the opening thread is in, wherever it is used later.
/// The kernel answers a request before send(2) returns, so a blocking receive never waits and nothing here is asynchronous.
/// Not safe for use by several threads at once: sockets are cheap, everybody opens one.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    private const int NetlinkRoute = 0;
    private const int CapAck = 10;
    private const int ExtAck = 11;
    private const int HeaderSize = 16;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const ushort DumpInterrupted = 0x10;
    private const ushort AckTlvs = 0x200;
    private const ushort AckCapped = 0x100;

    /// <summary>The kernel never makes a datagram of a dump longer than 32 KiB, unless asked for with a larger buffer.</summary>
    private const int BufferSize = 32 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Socket _socket;

    private NetlinkSocket(Socket socket) => _socket = socket;

    /// <summary>Takes one message of a dump: its type and what follows the header.</summary>
    public delegate void MessageHandler(ushort type, ReadOnlySpan<byte> payload);

    /// <exception cref="NetlinkException">The socket cannot be opened.</exception>
    public static NetlinkSocket Open()
    {
        var socket = OpenSocket();
        SetOption(socket, CapAck);
        SetOption(socket, ExtAck);
        return new NetlinkSocket(socket);
    }

    /// <summary>A socket that receives events instead; see <see cref="LinkMonitor"/>.</summary>
    /// <param name="groups">RTMGRP_* bits.</param>
    public static Socket OpenEvents(uint groups)
    {
        var socket = OpenSocket();
        Span<byte> address = stackalloc byte[12];
        MemoryMarshal.Write(address, (ushort)NativeMethods.AfNetlink);
        MemoryMarshal.Write(address[8..], groups);
        if (NativeMethods.Bind(socket.SafeHandle, address, address.Length) != 0)
            throw new NetlinkException("bind a netlink socket", Marshal.GetLastPInvokeError());
        return socket;
    }

    /// <summary>Sends the requests and waits for the acknowledgement of each.</summary>
    /// <exception cref="NetlinkException">One was refused; those before it are done, and so may be those after it.</exception>
    public void Execute(NetlinkBatch batch)
    {
        if (Try(batch) is [var first, ..])
            throw first;
    }

    /// <summary>Sends the requests and returns what was refused, in order.</summary>
    public IReadOnlyList<NetlinkException> Try(NetlinkBatch batch)
    {
        var failures = new List<NetlinkException>();
        var answered = 0;
        if (batch.Count > 0)
            _socket.Send(batch.Bytes);
        while (answered < batch.Count)
        {
            var rest = Receive();
            while (Next(ref rest, out var type, out var flags, out var sequence, out var payload))
            {
                if (type != Error)
                    continue;
                answered++;
                if (MemoryMarshal.Read<int>(payload) is not 0 and var errno)
                    failures.Add(Failure(batch, sequence, errno, flags, payload));
            }
        }
        return failures;
    }

    /// <summary>Sends one request for an object or for a list, and hands over every message of the answer.</summary>
    /// <returns>False when objects changed while the kernel listed them, so that the list may have holes.</returns>
    /// <exception cref="NetlinkException">The request was refused.</exception>
    public bool Get(NetlinkBatch request, MessageHandler handler)
    {
        var consistent = true;
        _socket.Send(request.Bytes);
        while (true)
        {
            var rest = Receive();
            while (Next(ref rest, out var type, out var flags, out var sequence, out var payload))
            {
                consistent &= (flags & DumpInterrupted) == 0;
                if (type is Error or Done)
                {
                    var errno = payload.Length >= 4 ? MemoryMarshal.Read<int>(payload) : 0;
                    return errno == 0 ? consistent : throw Failure(request, sequence, errno, flags, payload);
                }
                handler(type, payload);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Takes the next message off a datagram.</summary>
    internal static bool Next(ref ReadOnlySpan<byte> datagram, out ushort type, out ushort flags, out int sequence, out ReadOnlySpan<byte> payload)
    {
        type = flags = 0;
        sequence = 0;
        payload = default;
        if (datagram.Length < HeaderSize)
            return false;
        var length = MemoryMarshal.Read<int>(datagram);
        if (length < HeaderSize || length > datagram.Length)
            return false;
        type = MemoryMarshal.Read<ushort>(datagram[4..]);
        flags = MemoryMarshal.Read<ushort>(datagram[6..]);
        sequence = MemoryMarshal.Read<int>(datagram[8..]);
        payload = datagram[HeaderSize..length];
        datagram = datagram[Math.Min((length + 3) & ~3, datagram.Length)..];
        return true;
    }

    private ReadOnlySpan<byte> Receive() => _buffer.AsSpan(0, _socket.Receive(_buffer));

    private static NetlinkException Failure(NetlinkBatch batch, int sequence, int error, ushort flags, ReadOnlySpan<byte> payload)
    {
        var (type, description) = batch[sequence];
        return new NetlinkException(description, -error, Explanation(flags, payload)) { Request = type };
    }

    /// <summary>NLMSGERR_ATTR_MSG, which follows <c>error, the header of the request</c> and, unless capped, the rest of the request.</summary>
    private static string? Explanation(ushort flags, ReadOnlySpan<byte> payload)
    {
        const int Message = 1;
        if ((flags & AckTlvs) == 0 || payload.Length < 4 + HeaderSize)
            return null;
        var skip = (flags & AckCapped) != 0 ? HeaderSize : (MemoryMarshal.Read<int>(payload[4..]) + 3) & ~3;
        if (payload.Length < 4 + skip)
            return null;
        var attributes = new NetlinkAttributes(payload[(4 + skip)..]);
        while (attributes.MoveNext())
        {
            if (attributes.Type == Message)
                return attributes.Text;
        }
        return null;
    }

    private static Socket OpenSocket()
    {
        var descriptor = NativeMethods.Socket(NativeMethods.AfNetlink, NativeMethods.SockRaw | NativeMethods.SockCloexec, NetlinkRoute);
        return descriptor >= 0
            ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
            : throw new NetlinkException("open a netlink socket", Marshal.GetLastPInvokeError());
    }

    private static void SetOption(Socket socket, int option)
    {
        if (NativeMethods.SetSocketOption(socket.SafeHandle, NativeMethods.SolNetlink, option, 1, sizeof(int)) != 0)
            throw new NetlinkException("set an option of a netlink socket", Marshal.GetLastPInvokeError());
    }
}
