using System.Net.Sockets;
using System.Text;

namespace Sluice.Bench;

/// <summary>
/// The floor: bytes prepared in advance go out, replies are only counted. What a client costs beyond this is its own.
/// </summary>
internal sealed class RawOvsdb : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _depth;
    private bool _inString;
    private bool _escaped;

    public RawOvsdb(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>Bytes received so far.</summary>
    public long Received { get; private set; }

    /// <summary>Sends every message, keeping at most <paramref name="window"/> unanswered, and waits for all replies.</summary>
    public async Task PipelineAsync(IReadOnlyList<byte[]> messages, int window, CancellationToken cancellationToken)
    {
        var sent = 0;
        var answered = 0;
        while (answered < messages.Count)
        {
            for (; sent < messages.Count && sent - answered < window; sent++)
                await SendAsync(messages[sent], cancellationToken);
            answered += await ReceiveAsync(cancellationToken);
        }
    }

    public async Task CallAsync(string message, CancellationToken cancellationToken) =>
        await PipelineAsync([Encoding.UTF8.GetBytes(message)], 1, cancellationToken);

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        while (!message.IsEmpty)
            message = message[await _socket.SendAsync(message, cancellationToken)..];
    }

    /// <summary>Reads once and returns how many top-level JSON objects ended in what was read.</summary>
    private async Task<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        var count = await _socket.ReceiveAsync(_buffer, cancellationToken);
        if (count == 0)
            throw new IOException("ovsdb-server closed the connection");
        Received += count;
        return CountObjects(_buffer.AsSpan(0, count));
    }

    private int CountObjects(ReadOnlySpan<byte> bytes)
    {
        var ended = 0;
        foreach (var b in bytes)
        {
            if (_inString)
            {
                if (_escaped)
                    _escaped = false;
                else if (b == '\\')
                    _escaped = true;
                else if (b == '"')
                    _inString = false;
            }
            else if (b == '"')
            {
                _inString = true;
            }
            else if (b == '{')
            {
                _depth++;
            }
            else if (b == '}' && --_depth == 0)
            {
                ended++;
            }
        }

        return ended;
    }
}
