using System.Net.Sockets;
using System.Text;

namespace Sluice.Agent.GatewayPorts;

/// <summary>
/// BIRD's control socket. Replies are lines with a code of four digits; the last one of a reply has a space behind it, and codes from
/// 8000 on are errors.
/// </summary>
internal sealed class BirdControl(string path, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Path { get; } = path;

    /// <summary>Whether somebody answers.</summary>
    /// <exception cref="TimeoutException">It is there, but does not answer.</exception>
    public Task<bool> IsAliveAsync(CancellationToken ct) => InTimeAsync(
        async limited =>
        {
            try
            {
                using var _ = await ConnectAsync(limited);
                return true;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                return false;
            }
        },
        ct);

    /// <summary>Has the configuration read again; sessions that stay are not interrupted.</summary>
    /// <exception cref="InvalidOperationException">It does not like it.</exception>
    public Task ConfigureAsync(CancellationToken ct) => RequestAsync("configure", ct);

    public Task ShutDownAsync(CancellationToken ct) => RequestAsync("down", ct);

    private async Task RequestAsync(string command, CancellationToken ct)
    {
        var reply = await InTimeAsync(
            async limited =>
            {
                using var reader = await ConnectAsync(limited);
                await reader.BaseStream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), limited);
                return await ReadReplyAsync(reader, limited);
            },
            ct);
        if (reply[0] is '8' or '9')
            throw new InvalidOperationException($"bird refused \"{command}\": {reply}");
    }

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> talk, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            return await talk(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"bird does not answer at {Path}");
        }
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
