using System.Net;
using System.Net.Sockets;

namespace Sluice.Kube.Tests.Server;

/// <summary>
/// A network between a client and the API server that can be cut (connections break, new ones are refused) or swallow
/// everything (connections stay, nothing arrives).
/// </summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private bool _isCut;
    private volatile bool _swallows;
    private int _abandoned;

    public CuttableProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new UriBuilder("https", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port).Uri;

    /// <summary>How many connections were given up after something was lost on them.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

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

    public void Swallow() => _swallows = true;

    /// <summary>New connections work; the old ones that lost something end.</summary>
    public void Mend()
    {
        _swallows = false;
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
            await Task.WhenAny(CopyAsync(toClient, toServer), CopyAsync(toServer, toClient));
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

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        var hasLost = false;
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            if (_swallows)
                hasLost = true;
            else if (hasLost)
                return;
            else
                await to.WriteAsync(buffer.AsMemory(0, count));
        }

        if (hasLost)
            Interlocked.Increment(ref _abandoned);
    }

    private bool Keep(Socket socket)
    {
        lock (_gate)
            return !_isCut && _open.Add(socket);
    }
}
