using System.Net.Sockets;
using System.Text;

namespace Sluice.Agent.GatewayPorts;

/// <summary>
/// BIRD's control socket. Replies are lines with a code of four digits; the last one of a reply has a space behind it, and codes from
/// 8000 on are errors.
/// </summary>
internal sealed class BirdControl(string path)
{
    public string Path { get; } = path;

    /// <summary>Whether somebody answers.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken ct)
    {
        try
        {
            using var _ = await ConnectAsync(ct);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Has the configuration read again; sessions that stay are not interrupted.</summary>
    /// <exception cref="InvalidOperationException">It does not like it.</exception>
    public Task ConfigureAsync(CancellationToken ct) => RequestAsync("configure", ct);

    public Task ShutDownAsync(CancellationToken ct) => RequestAsync("down", ct);

    private async Task RequestAsync(string command, CancellationToken ct)
    {
        using var reader = await ConnectAsync(ct);
        await reader.BaseStream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), ct);
        var reply = await ReadReplyAsync(reader, ct);
        if (reply[0] is '8' or '9')
            throw new InvalidOperationException($"bird refused \"{command}\": {reply}");
    }

    /// <summary>Connects and reads the greeting.</summary>
    private async Task<StreamReader> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), ct);
            var reader = new StreamReader(new NetworkStream(socket, ownsSocket: true), Encoding.ASCII);
            await ReadReplyAsync(reader, ct);
            return reader;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> ReadReplyAsync(StreamReader reader, CancellationToken ct)
    {
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (line.Length > 4 && char.IsAsciiDigit(line[0]) && line[4] == ' ')
                return line;
        }
        throw new IOException("bird closed its control socket");
    }
}
