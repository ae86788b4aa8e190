using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Demo;

/// <summary>A ping every 10 ms, for as long as it is not stopped.</summary>
public sealed partial class PingStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RunningCommand _ping;
    private readonly string _path;

    private PingStream(RunningCommand ping, string path) => (_ping, _path) = (ping, path);

    /// <summary>Starts once a first answer has come.</summary>
    public static async Task<PingStream> StartAsync(LabCluster lab, string from, IPAddress address)
    {
        await new Probe(lab).WarmUpAsync(from, $"{address}", CancellationToken.None);
        var ping = RunningCommand.Start(lab.Exec(from, "ping", "-n", "-i0.01", $"{address}"));
        await ping.WaitForLineAsync(line => Answer().IsMatch(line));
        return new PingStream(ping, $"{address} from {from}");
    }

    /// <summary>Returns once <paramref name="count"/> more answers have come.</summary>
    /// <exception cref="LabException">They did not.</exception>
    public async Task AnswersAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var answers = 0;
        try
        {
            for (_ping.SkipPrinted(); answers < count; answers++)
                await _ping.WaitForLineAsync(line => Answer().IsMatch(line), limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new LabException($"only {answers} of {count} answers of {_path} within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>Ends it and counts the pings that were not answered, up to the last one that was.</summary>
    public async Task<Loss> StopAsync()
    {
        var answered = (await _ping.StopAsync()).Select(line => Answer().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToHashSet();
        return new Loss(answered.Max(), answered.Max() - answered.Count);
    }

    public ValueTask DisposeAsync() => _ping.DisposeAsync();

    [GeneratedRegex(@"bytes from .* icmp_seq=(\d+) ")]
    private static partial Regex Answer();
}

/// <summary>Of a stream of packets that are 10 ms apart.</summary>
public sealed record Loss(int Sent, int Lost)
{
    public override string ToString() => $"{Lost} of {Sent} lost";
}
