using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sluice.Agent.Netlink;

namespace Sluice.Agent.Packets;

/// <summary>Sends and receives Ethernet frames of one type on one interface (packet(7)).</summary>
internal sealed class PacketSocket : IDisposable
{
    private readonly Socket _socket;

    private PacketSocket(Socket socket) => _socket = socket;

    /// <param name="link">Index of an interface in the namespace of the calling thread; the socket may be used by any thread.</param>
    /// <exception cref="NetlinkException">The kernel refused the socket.</exception>
    public static PacketSocket Open(int link, ushort etherType)
    {
        var protocol = BinaryPrimitives.ReverseEndianness(etherType);
        var descriptor = NativeMethods.Socket(NativeMethods.AfPacket, NativeMethods.SockRaw | NativeMethods.SockCloexec, protocol);
        if (descriptor < 0)
            throw new NetlinkException("open a packet socket", Marshal.GetLastPInvokeError());
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));

        // struct sockaddr_ll { family, protocol, index, ... } of 20 bytes.
        Span<byte> address = stackalloc byte[20];
        address.Clear();
        MemoryMarshal.Write(address, (ushort)NativeMethods.AfPacket);
        MemoryMarshal.Write(address[2..], protocol);
        MemoryMarshal.Write(address[4..], link);
        if (NativeMethods.Bind(socket.SafeHandle, address, address.Length) == 0)
            return new PacketSocket(socket);
        var errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        throw new NetlinkException("bind a packet socket", errno);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken ct) => await _socket.SendAsync(frame, SocketFlags.None, ct);

    /// <summary>The next frame; longer ones are cut at the buffer's end.</summary>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(Memory<byte> buffer, CancellationToken ct) =>
        buffer[..await _socket.ReceiveAsync(buffer, SocketFlags.None, ct)];

    public void Dispose() => _socket.Dispose();
}
