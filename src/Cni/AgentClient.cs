using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>
/// One HTTP/1.1 request per process over the agent's unix socket. Plain blocking sockets: the process has nothing else
/// to do, and start-up would cost more than the exchange if it had to bring up a thread pool and an HTTP stack.
/// </summary>
internal sealed class AgentClient(string socketPath)
{
    /// <summary>Longer than the agent ever works at one request, shorter than container runtimes wait for a plugin.</summary>
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Posts <paramref name="body"/> and returns the body of the answer, empty for 204.</summary>
    /// <exception cref="CniException">The agent cannot be reached, or said no.</exception>
    public byte[] Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        Exchange("POST", path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <inheritdoc cref="Post{T}"/>
    public byte[] Get(string path) => Exchange("GET", path, []);

    private byte[] Exchange(string method, string path, byte[] body)
    {
        byte[] answer;
        try
        {
            answer = SendAndReceive(method, path, body);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new CniException(CniErrorCode.TryAgainLater, "RPC failed", $"{method} {path} on {socketPath}: {e.Message}");
        }
        var (status, content) = Split(answer);
        if (status is >= 200 and < 300)
            return content;
        throw Refusal(status, content);
    }

    private byte[] SendAndReceive(string method, string path, byte[] body)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = (int)ReceiveTimeout.TotalMilliseconds;
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        var head = $"{method} {path} HTTP/1.1\r\nHost: agent\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";
        socket.Send([new ArraySegment<byte>(Encoding.ASCII.GetBytes(head)), new ArraySegment<byte>(body)]);

        // "Connection: close" makes the end of the answer the end of the stream.
        using var answer = new MemoryStream();
        var buffer = new byte[4096];
        for (int read; (read = socket.Receive(buffer)) > 0;)
            answer.Write(buffer, 0, read);
        return answer.ToArray();
    }

    /// <summary>Takes a complete HTTP/1.1 response apart: its status code and its body.</summary>
    internal static (int Status, byte[] Body) Split(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        var firstLine = Encoding.ASCII.GetString(answer[..Math.Max(answer.IndexOf("\r\n"u8), 0)]).Split(' ');
        if (end < 0 || firstLine.Length < 2 || !int.TryParse(firstLine[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new CniException(CniErrorCode.TryAgainLater, "RPC failed", "the agent closed the connection without an answer");
        var head = Encoding.ASCII.GetString(answer[..end]);
        var body = answer[(end + 4)..];
        return (status, head.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? Dechunk(body) : body.ToArray());
    }

    /// <summary>RFC 9112, section 7.1: chunk-size CRLF chunk-data CRLF, ended by a chunk of size zero.</summary>
    private static byte[] Dechunk(ReadOnlySpan<byte> body)
    {
        using var whole = new MemoryStream(body.Length);
        while (body.IndexOf("\r\n"u8) is > 0 and var line
            && int.TryParse(body[..line], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            && size > 0 && line + 2 + size <= body.Length)
        {
            whole.Write(body.Slice(line + 2, size));
            body = body[Math.Min(line + 2 + size + 2, body.Length)..];
        }
        return whole.ToArray();
    }

    private static CniException Refusal(int status, byte[] content)
    {
        try
        {
            if (JsonSerializer.Deserialize(content, WireJson.Default.WireError) is { } error)
                return new CniException(error.Code ?? CniErrorCode.TryAgainLater, "RPC failed", error.Error);
        }
        catch (JsonException)
        {
            // Not an answer of the agent's own making; the status says what there is to say.
        }
        return new CniException(CniErrorCode.TryAgainLater, "RPC failed", $"the agent answered HTTP {status.ToString(CultureInfo.InvariantCulture)}");
    }
}
