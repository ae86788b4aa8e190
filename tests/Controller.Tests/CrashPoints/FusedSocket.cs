using System.Net.Sockets;
using System.Text.Json;
using Sluice.Ovsdb;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>A unix socket in front of an <c>ovsdb-server</c> that asks a <see cref="Fuse"/> before each transaction, and breaks the connection where it is cut off.</summary>
internal sealed class FusedSocket : IAsyncDisposable
{
    private readonly Fuse _fuse;
    private readonly UnixDomainSocketEndPoint _target;
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-fuse-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource _connections = new();
    private readonly Task _accepting;

    public FusedSocket(Fuse fuse, Endpoint target)
    {
        (_fuse, _target) = (fuse, new(target.Address));
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "db.sock")));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Address => $"unix:{Path.Combine(_folder, "db.sock")}";

    /// <summary>Breaks all connections, and loses what is on its way; new ones work.</summary>
    public async Task BreakAsync()
    {
        using var broken = Interlocked.Exchange(ref _connections, new());
        await broken.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
        _connections.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ForwardAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _connections.Token);
        using (client)
        {
            if (_fuse.IsDead)
                return;
            try
            {
                await server.ConnectAsync(_target, end.Token);
                await using var toClient = new NetworkStream(client);
                await using var toServer = new NetworkStream(server);
                var last = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                Task[] ways = [RequestsAsync(toClient, toServer, last, end.Token), AnswersAsync(toServer, toClient, last.Task, end.Token)];
                await Task.WhenAny(ways);

                // Whoever waits for an answer that is to be lost ends when it is.
                if (last.Task.IsCompleted)
                    await ways[1];
                await end.CancelAsync();
                await Task.WhenAll(ways);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // Cut off, or ended by either side.
            }
            finally
            {
                await end.CancelAsync();
            }
        }
    }

    private async Task RequestsAsync(NetworkStream from, NetworkStream to, TaskCompletionSource<string> last, CancellationToken cancellation)
    {
        await foreach (var frame in JsonFrames.ReadAsync(from, cancellation))
        {
            using var request = JsonDocument.Parse(frame);
            var isEffect = request.RootElement.TryGetProperty("method", out var method) && method.ValueEquals("transact");
            if (isEffect)
                await _fuse.WaitAsync(cancellation);
            var passage = isEffect ? _fuse.Enter() : _fuse.IsDead ? Passage.Fails : Passage.Passes;
            if (passage == Passage.Fails)
                return;
            if (passage == Passage.LosesAnswer)
                last.SetResult(request.RootElement.GetProperty("id").GetRawText());
            await to.WriteAsync(frame, cancellation);
            if (passage == Passage.LosesAnswer)
                return;
        }
    }

    private async Task AnswersAsync(NetworkStream from, NetworkStream to, Task<string> last, CancellationToken cancellation)
    {
        await foreach (var frame in JsonFrames.ReadAsync(from, cancellation))
        {
            if (last.IsCompletedSuccessfully)
            {
                using var answer = JsonDocument.Parse(frame);
                if (!answer.RootElement.TryGetProperty("id", out var id) || id.GetRawText() != await last)
                    continue;
                _fuse.Blow();
                return;
            }
            if (_fuse.IsDead)
                return;
            await to.WriteAsync(frame, cancellation);
        }
    }
}
