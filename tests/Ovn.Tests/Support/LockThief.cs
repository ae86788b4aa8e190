using System.Net.Sockets;
using System.Text;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>Takes a lock away from its owner: RFC 7047 section 4.1.8, "steal".</summary>
internal sealed class LockThief(Endpoint endpoint) : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public async Task StealAsync(string name)
    {
        await _socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Address));
        await _socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"method":"steal","params":["{{name}}"],"id":1}"""));
        var reply = new byte[1024];
        var length = await _socket.ReceiveAsync(reply);
        Encoding.UTF8.GetString(reply, 0, length).ShouldContain("\"locked\":true");
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
