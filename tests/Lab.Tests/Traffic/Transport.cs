using System.Net.Sockets;

namespace Sluice.Lab.Tests.Traffic;

public enum Transport
{
    Tcp,
    Udp,
}

internal static class TransportExtensions
{
    public static (SocketType Type, ProtocolType Protocol) Socket(this Transport transport) => transport switch
    {
        Transport.Tcp => (SocketType.Stream, ProtocolType.Tcp),
        _ => (SocketType.Dgram, ProtocolType.Udp),
    };
}
