using System.Net.Sockets;
using System.Text;

namespace Sluice.Agent.Tests.Cni;

/// <summary>A unix socket that takes one HTTP request and gives one answer, as an agent would.</summary>
internal sealed class ScriptedAgent : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task<string> _request;

    public ScriptedAgent(string answer)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!);
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _request = Task.Run(() => ServeAsync(answer));
    }

    public string SocketPath { get; } = Path.Combine(Path.GetTempPath(), $"sluice-cni-{Guid.NewGuid():N}", "agent.sock");

    /// <summary>The first line and the body of the request.</summary>
    public async Task<(string Line, string Body)> RequestAsync()
    {
        var request = await _request.WaitAsync(TimeSpan.FromSeconds(10));
        return (request[..request.IndexOf("\r\n", StringComparison.Ordinal)], request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    public static string Answer(int status, string body) =>
        $"HTTP/1.1 {status} Whatever\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(Path.GetDirectoryName(SocketPath)!, recursive: true);
    }

    private async Task<string> ServeAsync(string answer)
    {
        using var connection = await _listener.AcceptAsync();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsComplete(request.ToString()))
        {
            var read = await connection.ReceiveAsync(buffer);
            if (read == 0)
                break;
            request.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
        return request.ToString();
    }

    private static bool IsComplete(string request)
    {
        const string Length = "Content-Length: ";
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var start = request.IndexOf(Length, StringComparison.Ordinal) + Length.Length;
        return request.Length >= end + 4 + int.Parse(request[start..request.IndexOf("\r\n", start, StringComparison.Ordinal)]);
    }
}
