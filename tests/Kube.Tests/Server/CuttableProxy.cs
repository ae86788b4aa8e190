using System.Net;
using System.Net.Sockets;

namespace Sluice.Kube.Tests.Server;

/// <summary>A network between a client and the API server that can be cut: connections break, new ones are refused.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private bool _isCut;

    public CuttableProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new UriBuilder("https", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port).Uri;

    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            foreach (var socket in _open)
                socket.Close(timeout: 0);
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate)
            _isCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!Keep(client) || !Keep(server))
                return;
            await server.ConnectAsync(_target.Host, _target.Port);
            await using var toClient = new NetworkStream(client);
            await using var toServer = new NetworkStream(server);
            await Task.WhenAny(toClient.CopyToAsync(toServer), toServer.CopyToAsync(toClient));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Cut, or ended by either side.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private bool Keep(Socket socket)
    {
        lock (_gate)
            return !_isCut && _open.Add(socket);
    }
}
