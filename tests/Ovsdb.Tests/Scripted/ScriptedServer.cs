using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sluice.Ovsdb.Tests.Scripted;

/// <summary>A peer that says exactly what a test wants it to say. For what a real server will not do on demand.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sluice-scripted-{Guid.NewGuid():N}.sock");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ScriptedServer()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
    }

    public const string Schema = """{"name":"D","version":"1.0.0","tables":{"T":{"columns":{"name":{"type":"string"},"tags":{"type":{"key":"string","min":0,"max":"unlimited"}}},"isRoot":true}}}""";

    public OvsdbOptions Options => new()
    {
        Endpoints = [new Endpoint(EndpointScheme.Unix, _path)],
        Database = "D",
        LeaderOnly = false,
        MinBackoff = TimeSpan.FromMilliseconds(1),
    };

    public async Task<ScriptedConnection> AcceptAsync() =>
        new(await _listener.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(10)));

    /// <summary>Accepts a client and answers what it asks first.</summary>
    /// <param name="monitorReply">The result of <c>monitor_cond_since</c>.</param>
    public async Task<ScriptedConnection> AcceptAsync(string monitorReply)
    {
        var connection = await AcceptAsync();
        await connection.ExpectAsync("get_schema", Schema);
        await connection.ExpectAsync("monitor_cond_since", monitorReply);
        return connection;
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }
}

internal sealed class ScriptedConnection(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _filled;

    /// <summary>Reads a request and answers it.</summary>
    public async Task<JsonElement> ExpectAsync(string method, string result)
    {
        var request = await ReadAsync();
        request.GetProperty("method").GetString().ShouldBe(method);
        await SendAsync($$"""{"id":{{request.GetProperty("id")}},"error":null,"result":{{result}}}""");
        return request;
    }

    public async Task<JsonElement> ReadAsync()
    {
        while (true)
        {
            var length = _filled == 0 ? -1 : default(MessageFramer).Scan(_buffer.AsSpan(0, _filled));
            if (length > 0)
            {
                using var message = JsonDocument.Parse(_buffer.AsMemory(0, length));
                var root = message.RootElement.Clone();
                _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
                _filled -= length;
                return root;
            }

            var count = await socket.ReceiveAsync(_buffer.AsMemory(_filled)).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            if (count == 0)
                throw new IOException("The client hung up");
            _filled += count;
        }
    }

    public Task SendAsync(string message, int pieces = 1) => SendAsync(Encoding.UTF8.GetBytes(message), pieces);

    public async Task SendAsync(byte[] bytes, int pieces = 1)
    {
        foreach (var piece in bytes.Chunk(Math.Max(1, bytes.Length / pieces)))
        {
            await socket.SendAsync(piece);
            if (pieces > 1)
                await Task.Yield();
        }
    }

    public void Dispose() => socket.Dispose();
}
