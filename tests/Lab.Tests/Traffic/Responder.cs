using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Lab.Network;

namespace Sluice.Lab.Tests.Traffic;

/// <summary>
/// A server in a place or pod that tells each client, by TCP and UDP, who it is and whom it sees:
/// <c>vpc1/web sees 10.5.204.102</c>.
/// </summary>
internal sealed class Responder : IAsyncDisposable
{
    private readonly string _name;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _serving = [];

    private Responder(string name) => _name = name;

    /// <param name="place">As <see cref="LabCluster.NamespaceOf"/> takes it.</param>
    /// <param name="addresses">Those that it listens on, so that a UDP answer has the address that was asked.</param>
    public static async Task<Responder> StartAsync(LabCluster lab, string place, int port, params IEnumerable<IPAddress> addresses)
    {
        var responder = new Responder(place);
        foreach (var address in addresses)
        {
            var listener = await responder.BindAsync(lab.NamespaceOf(place), SocketType.Stream, ProtocolType.Tcp, new IPEndPoint(address, port));
            listener.Listen();
            responder._serving.Add(responder.ServeConnectionsAsync(listener));
            var socket = await responder.BindAsync(lab.NamespaceOf(place), SocketType.Dgram, ProtocolType.Udp, new IPEndPoint(address, port));
            responder._serving.Add(responder.ServeDatagramsAsync(socket));
        }
        return responder;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_serving);
        _sockets.ForEach(socket => socket.Dispose());
        _end.Dispose();
    }

    private async Task<Socket> BindAsync(string networkNamespace, SocketType type, ProtocolType protocol, IPEndPoint endPoint)
    {
        var socket = await NamespaceSocket.CreateAsync(networkNamespace, endPoint.AddressFamily, type, protocol);
        _sockets.Add(socket);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(endPoint);
        return socket;
    }

    private async Task ServeConnectionsAsync(Socket listener)
    {
        await ForEverAsync(async () =>
        {
            using var connection = await listener.AcceptAsync(_end.Token);
            await connection.SendAsync(AnswerTo(connection.RemoteEndPoint!), _end.Token);
        });
    }

    private async Task ServeDatagramsAsync(Socket socket)
    {
        var buffer = new byte[64];
        var anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        await ForEverAsync(async () =>
        {
            var request = await socket.ReceiveFromAsync(buffer, anybody, _end.Token);
            await socket.SendToAsync(AnswerTo(request.RemoteEndPoint), request.RemoteEndPoint, _end.Token);
        });
    }

    private async Task ForEverAsync(Func<Task> serve)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await serve();
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that went away, or a way back that is closed: the client notices.
            }
        }
    }

    private byte[] AnswerTo(EndPoint client) => Encoding.ASCII.GetBytes($"{_name} sees {((IPEndPoint)client).Address}");
}
