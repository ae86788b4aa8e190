using System.Net.Sockets;

namespace Sluice.Lab.Network;

public static class UnixSocket
{
    /// <summary>Whether somebody accepts connections at <paramref name="path"/>.</summary>
    public static async Task<bool> AnswersAsync(string path, CancellationToken cancellation = default)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
