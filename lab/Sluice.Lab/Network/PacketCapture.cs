using Sluice.Lab.Processes;

namespace Sluice.Lab.Network;

/// <summary>What passes an interface, seen by tcpdump(8) while it lasts.</summary>
public sealed class PacketCapture : IAsyncDisposable
{
    private readonly RunningCommand _tcpdump;

    private PacketCapture(RunningCommand tcpdump) => _tcpdump = tcpdump;

    /// <param name="filter">An expression of pcap-filter(7).</param>
    public static async Task<PacketCapture> StartAsync(string networkNamespace, string interfaceName, string filter, CancellationToken cancellation = default)
    {
        var tcpdump = RunningCommand.Start(
            new Command("tcpdump", "-i", interfaceName, "-nn", "-t", "-l", "--immediate-mode", filter).In(networkNamespace));
        await tcpdump.WaitForLineAsync(line => line.StartsWith("listening on", StringComparison.Ordinal), cancellation);
        return new PacketCapture(tcpdump);
    }

    /// <summary>Returns the next packet, one line as tcpdump prints it, that satisfies <paramref name="condition"/>.</summary>
    public Task<string> WaitForAsync(Func<string, bool> condition, CancellationToken cancellation = default) =>
        _tcpdump.WaitForLineAsync(condition, cancellation);

    /// <summary>Ends the capture and returns all packets.</summary>
    public async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellation = default) =>
        [.. (await _tcpdump.StopAsync(cancellation)).Where(line => line.StartsWith("IP", StringComparison.Ordinal) || line.StartsWith("ARP", StringComparison.Ordinal))];

    public ValueTask DisposeAsync() => _tcpdump.DisposeAsync();
}
