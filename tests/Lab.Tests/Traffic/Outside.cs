using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Lab.Network;

namespace Sluice.Lab.Tests.Traffic;

/// <summary>
/// The host in the Internet, as a witness: who calls it by what address, and whom it reaches by which. Both address
/// families alike.
/// </summary>
internal sealed class Outside(LabCluster lab)
{
    /// <summary>Where <see cref="Responder"/>s listen.</summary>
    public const int Port = 8080;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _namespace = lab.Layout.NamespaceOf(LabLayout.Internet);

    public static IPAddress AddressFor(IPAddress peer) =>
        LabAddresses.InternetHost.Select(host => host.Address).Single(address => address.AddressFamily == peer.AddressFamily);

    public Task<Responder> RespondAsync() => Responder.StartAsync(lab, LabLayout.Internet, Port, LabAddresses.InternetHost.Select(host => host.Address));

    /// <summary>What leaves <paramref name="pod"/> by ping, TCP and UDP arrives outside with the source <paramref name="expected"/>, and is answered.</summary>
    public async Task SeesAsync(string pod, IPAddress expected, TimeSpan? within = null)
    {
        var host = AddressFor(expected);
        await using var capture = await CaptureAsync(expected);
        await PingsAsync(pod, host);
        await ShowsAsync(capture, $"{expected} > {host}: ICMP");
        foreach (var transport in Enum.GetValues<Transport>())
        {
            await AnswersAsync(pod, transport, host, Port, $"{LabLayout.Internet} sees {expected}", within ?? Eventually.Patience);
            await ShowsAsync(capture, $"{expected}.");
        }
    }

    /// <summary>By ping, TCP and UDP the outside reaches <paramref name="pod"/> at <paramref name="address"/>, which also answers.</summary>
    public async Task ReachesAsync(IPAddress address, string pod, TimeSpan? within = null)
    {
        await using var capture = await CaptureAsync(address);
        await PingsAsync(LabLayout.Internet, address);
        await ShowsAsync(capture, $"{address} > {AddressFor(address)}: ICMP");
        foreach (var transport in Enum.GetValues<Transport>())
            await ReachesAsync(transport, address, Port, pod, within);
    }

    /// <summary>The outside reaches <paramref name="pod"/> at one port of <paramref name="address"/>, which also answers.</summary>
    public async Task ReachesAsync(Transport transport, IPAddress address, int port, string pod, TimeSpan? within = null)
    {
        await using var capture = await CaptureAsync(address);
        await AnswersAsync(LabLayout.Internet, transport, address, port, $"{pod} sees {AddressFor(address)}", within ?? Eventually.Patience);
        await ShowsAsync(capture, $"{address}.{port} > {AddressFor(address)}.");
    }

    /// <summary>Asks until the answer is <paramref name="expected"/>.</summary>
    /// <param name="sourcePort">Whence; 0 for any.</param>
    public async Task AnswersAsync(
        string from, Transport transport, IPAddress address, int port, string expected, TimeSpan within, int sourcePort = 0)
    {
        var started = Stopwatch.GetTimestamp();
        string? last;
        while ((last = await AskAsync(from, transport, address, port, sourcePort)) != expected)
        {
            if (Stopwatch.GetElapsedTime(started) > within)
                throw new Xunit.Sdk.XunitException($"{transport} {address} port {port} answers {from} '{last}' and not '{expected}', after {within.TotalSeconds} s");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until there is no answer any more.</summary>
    public async Task FallsSilentAsync(string from, Transport transport, IPAddress address, int port, TimeSpan within)
    {
        var started = Stopwatch.GetTimestamp();
        while (await AskAsync(from, transport, address, port) is { } answer)
        {
            if (Stopwatch.GetElapsedTime(started) > within)
                throw new Xunit.Sdk.XunitException($"{transport} {address} port {port} still answers {from} '{answer}' after {within.TotalSeconds} s");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks a <see cref="Responder"/> once; null when nobody answers.</summary>
    /// <param name="sourcePort">Whence; 0 for any.</param>
    public async Task<string?> AskAsync(string from, Transport transport, IPAddress address, int port, int sourcePort = 0)
    {
        var (type, protocol) = transport.Socket();
        using var socket = await NamespaceSocket.CreateAsync(lab.NamespaceOf(from), address.AddressFamily, type, protocol);
        using var limit = new CancellationTokenSource(AnswerTimeout);
        try
        {
            if (sourcePort != 0)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, sourcePort));
            }
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            if (transport == Transport.Udp)
                await socket.SendAsync("?"u8.ToArray(), limit.Token);
            var buffer = new byte[256];
            var length = await socket.ReceiveAsync(buffer, limit.Token);
            return length == 0 ? null : Encoding.ASCII.GetString(buffer, 0, length);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    public Task PingsAsync(string from, IPAddress address) => Eventually.SucceedsAsync(lab.Exec(from, "ping", "-c1", "-W1", $"{address}"));

    private Task<PacketCapture> CaptureAsync(IPAddress address) => PacketCapture.StartAsync(_namespace, "eth0", $"host {address}");

    private static async Task ShowsAsync(PacketCapture capture, string packet)
    {
        using var limit = new CancellationTokenSource(Eventually.Patience);
        await capture.WaitForAsync(line => line.StartsWith($"IP {packet}", StringComparison.Ordinal) || line.StartsWith($"IP6 {packet}", StringComparison.Ordinal), limit.Token);
    }
}
