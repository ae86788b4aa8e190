using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Options;
using Sluice.Agent.Processes;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>
/// Debian's BIRD (package bird2) as the other end of the routers' BFD sessions, RFC 5880. It runs on when the agent ends, and the next
/// agent finds it by its control socket, so that no restart of ours interrupts a session.
/// </summary>
internal sealed partial class BirdSpeaker(AgentOptions options, TimeProvider time, ILogger<BirdSpeaker> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What it is known to run with; after a start of ours nothing is, so that it is told once more, which interrupts no session.</summary>
    private string? _applied;

    private readonly string _configuration = Path.Combine(options.RunDirectory, "bird.conf");
    private readonly string _pid = Path.Combine(options.RunDirectory, "bird.pid");
    private readonly BirdControl _control = new(Path.Combine(options.RunDirectory, "bird.ctl"), time);

    /// <summary>Whether it runs with what it was told last.</summary>
    public bool IsRunning => Volatile.Read(ref _applied) is not null;

    /// <summary>Has it keep exactly these sessions.</summary>
    /// <param name="inside">Where the addresses are.</param>
    /// <exception cref="InvalidOperationException">It can not be started; the message says why.</exception>
    public async Task RunAsync(NetworkNamespace inside, ImmutableArray<(IpAddress Local, IpAddress Router)> sessions, CancellationToken ct)
    {
        if (sessions.IsEmpty)
        {
            await StopAsync(ct);
            return;
        }

        var wanted = BirdConfiguration.For(sessions);
        var isAlive = await _control.IsAliveAsync(ct);
        if (isAlive && !await IsInAsync(inside))
        {
            LogElsewhere(inside.Path);
            await StopAsync(ct);
            isAlive = false;
        }
        if (isAlive && _applied == wanted)
            return;
        _applied = null;
        await WriteAsync(wanted, ct);
        if (isAlive)
            await _control.ConfigureAsync(ct);
        else
            await StartAsync(inside, ct);
        _applied = wanted;
        LogSessions(sessions.Length);
    }

    /// <summary>Ends it; fine when it does not run.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (await _control.IsAliveAsync(ct))
        {
            await _control.ShutDownAsync(ct);
            await WaitAsync(isAlive: false, ct);
            LogStopped();
        }
        _applied = null;
        File.Delete(_configuration);
    }

    /// <summary>Whether it lives in a namespace: one that lost its name lives on with it, and another may have the name now.</summary>
    private async Task<bool> IsInAsync(NetworkNamespace inside)
    {
        try
        {
            var pid = int.Parse(await File.ReadAllTextAsync(_pid), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net")).LinkTarget == await inside.RunAsync(() => NetworkNamespace.CurrentId);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            // Somebody who answers but is not where its file says is not the one that was started.
            return false;
        }
    }

    private async Task WriteAsync(string text, CancellationToken ct)
    {
        Directory.CreateDirectory(options.RunDirectory);
        var temporary = $"{_configuration}.new";
        await File.WriteAllTextAsync(temporary, text, ct);
        File.Move(temporary, _configuration, overwrite: true);
    }

    /// <summary>It puts itself into the background, and leaves nobody's child behind.</summary>
    private async Task StartAsync(NetworkNamespace inside, CancellationToken ct)
    {
        await HostCommand.RunAsync(["nsenter", $"--net={inside.Path}", "--", "bird", "-c", _configuration, "-s", _control.Path, "-P", _pid], ct);
        await WaitAsync(isAlive: true, ct);
        LogStarted();
    }

    private async Task WaitAsync(bool isAlive, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        while (await _control.IsAliveAsync(either.Token) != isAlive)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, either.Token);
    }

    [LoggerMessage(70, LogLevel.Information, "BFD speaker: started")]
    private partial void LogStarted();

    [LoggerMessage(71, LogLevel.Information, "BFD speaker: {Count} sessions")]
    private partial void LogSessions(int count);

    [LoggerMessage(72, LogLevel.Information, "BFD speaker: stopped")]
    private partial void LogStopped();

    [LoggerMessage(73, LogLevel.Warning, "BFD speaker: it is not in {Namespace}, another is started")]
    private partial void LogElsewhere(string @namespace);
}
