using System.Diagnostics;
using System.Globalization;
using Sluice.Lab.Kubelet;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Demo;

/// <summary>Sends packets through a lab and looks where they come out, and with which addresses.</summary>
public sealed class Probe(LabCluster lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The host in the Internet.</summary>
    public static string InternetAddress => LabAddresses.InternetHost[0].Address.ToString();

    /// <summary>A running pod's first address.</summary>
    public string AddressOf(string pod) => SandboxOf(pod).Addresses[0];

    /// <summary>Pings until the first answer: OVN learns the neighbours' addresses only when they are needed.</summary>
    /// <exception cref="LabException">There was none.</exception>
    public async Task WarmUpAsync(string from, string address, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while ((await lab.Exec(from, "ping", "-c", "1", "-W", "1", address).TryAsync(cancellation)).ExitCode != 0)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new LabException($"no answer from {address} to {from} within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>Pings the Internet from a pod and returns the packet that arrives there with <paramref name="source"/>.</summary>
    /// <exception cref="LabException">It arrives with another source, or not at all.</exception>
    public async Task<string> PingIsSeenOutsideAsync(string pod, string source, CancellationToken cancellation = default)
    {
        await WarmUpAsync(pod, InternetAddress, cancellation);
        return await PingIsSeenAsync(pod, InternetAddress, lab.Layout.NamespaceOf(LabLayout.Internet), $"{source} > {InternetAddress}", cancellation);
    }

    /// <summary>Pings <paramref name="address"/> from a place and returns the packet, <c>SOURCE > DESTINATION</c>, that arrives in a pod.</summary>
    /// <exception cref="LabException">It arrives with other addresses, or not at all.</exception>
    public async Task<string> PingIsSeenInPodAsync(string from, string address, string pod, string expected, CancellationToken cancellation = default)
    {
        await WarmUpAsync(from, address, cancellation);
        return await PingIsSeenAsync(from, address, SandboxOf(pod).NetworkNamespace, expected, cancellation);
    }

    /// <summary>A server that tells each client who it is, as seen from a pod.</summary>
    public async Task<RunningCommand> ListenAsync(string pod, int port, CancellationToken cancellation = default)
    {
        var server = RunningCommand.Start(lab.Exec(pod, "socat", "-d", "-d",
            string.Create(CultureInfo.InvariantCulture, $"TCP-LISTEN:{port},fork,reuseaddr"), $"SYSTEM:echo {pod} sees $SOCAT_PEERADDR"));
        try
        {
            await server.WaitForLineAsync(line => line.Contains("listening on", StringComparison.Ordinal), cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects from a place until the answer is <paramref name="expected"/>, which it returns.</summary>
    /// <exception cref="LabException">There was no such answer in time.</exception>
    public async Task<string> ConnectAsync(string from, string address, int port, string expected, CancellationToken cancellation = default)
    {
        var client = lab.Exec(from, "socat", "-T", "2", "-", string.Create(CultureInfo.InvariantCulture, $"TCP:{address}:{port},connect-timeout=2"));
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var result = await client.TryAsync(cancellation);
            if (result.Output.Trim() == expected)
                return expected;
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new LabException($"{address}:{port} answered {from} '{(result.Output + result.Error).Trim()}' and not '{expected}'");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    private async Task<string> PingIsSeenAsync(string from, string address, string watched, string expected, CancellationToken cancellation)
    {
        await using var capture = await PacketCapture.StartAsync(watched, "eth0", "icmp", cancellation);
        // Several, of which one is enough: what is shown is the way that packets take, not that none is ever lost.
        var answered = await lab.Exec(from, "ping", "-c", "3", "-i", "0.2", "-W", "2", address).TryAsync(cancellation);
        var packets = await capture.StopAsync(cancellation);
        var request = packets.FirstOrDefault(packet => packet.StartsWith($"IP {expected}: ICMP echo request", StringComparison.Ordinal));
        return request is not null && answered.ExitCode == 0
            ? request
            : throw new LabException($"expected {expected}, saw {(packets.Count == 0 ? "nothing" : string.Join("; ", packets))}");
    }

    private Sandbox SandboxOf(string pod) => lab.SandboxOf(pod) ?? throw new LabException($"no pod '{pod}' runs");
}
