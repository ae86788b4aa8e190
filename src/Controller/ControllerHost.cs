using Microsoft.Extensions.Logging;
using Sluice.Controller.Admission;
using Sluice.Controller.Http;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Metrics;
using Sluice.Ovn;

namespace Sluice.Controller;

/// <summary>One controller: waits until it is elected, then works until it is told to stop or loses the election.</summary>
public sealed class ControllerHost
{
    /// <summary>Longer than anything that is waited for takes, time limits of both servers included.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(5);

    private readonly ControllerOptions _options;
    private readonly LeaderElector _elector;
    private readonly KubeClient _kube;
    private readonly ILoggerFactory _logs;
    private readonly TimeProvider _time;
    private ControllerTerm? _term;

    public ControllerHost(ControllerOptions options, KubeClient kube, ILoggerFactory logs, TimeProvider time)
    {
        (_options, _kube, _logs, _time) = (options, kube, logs, time);
        _elector = new LeaderElector(kube, options.Election, logs.CreateLogger<LeaderElector>(), time);
        Metrics.AddGauges(WriteMetrics);
    }

    public ControllerMetrics Metrics { get; } = new();

    /// <summary>What runs while this process leads; null while it does not.</summary>
    public ControllerTerm? Term => Volatile.Read(ref _term);

    /// <summary>Why it can not do what it should, which is to wait to be elected, or to lead; null when it can.</summary>
    public string? NotReady
    {
        get
        {
            if (_elector.Silence is not { } silence) return "the API server has not answered yet";
            if (silence > _options.Election.LeaseDuration) return "the API server does not answer";
            if (!_elector.IsLeader) return null;
            return Term is { } term ? term.NotReady : "elected just now";
        }
    }

    /// <summary>Why it will not recover by itself; null when it may.</summary>
    public string? NotAlive => Term?.OldestWork is var (key, age) && age > StuckAfter ? $"{key} has been worked on for {age.TotalMinutes:0} minutes" : null;

    /// <summary>Returns when told to stop, or when another process leads.</summary>
    /// <returns>True if another process leads.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (!_options.Webhook.IsEnabled)
            return await _elector.RunAsync(term => LeadAsync(null, term), cancellation);

        // Those that wait review requests, too.
        await using var admission = new AdmissionServer(_options, _kube, _logs, _time);
        _elector.LeaderChanged += leader =>
        {
            if (leader is not null && leader != _options.Election.Identity) admission.Follow();
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reviewing = admission.RunAsync(stop.Token);
        var leading = _elector.RunAsync(term => LeadAsync(admission, term), stop.Token);
        await Task.WhenAny(reviewing, leading);
        await stop.CancelAsync();
        var isReplaced = await leading;
        try
        {
            await reviewing;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As it was told.
        }
        return isReplaced;
    }

    private async Task LeadAsync(AdmissionServer? admission, CancellationToken cancellation)
    {
        admission?.Elect();
        await using var northbound = new NorthboundDatabase(
            DatabaseConnections.Of(_options, _options.NorthboundAddress), _logs.CreateLogger<NorthboundDatabase>(), _time);
        await using var southbound = new SouthboundDatabase(
            DatabaseConnections.Of(_options, _options.SouthboundAddress), _logs.CreateLogger<SouthboundDatabase>(), _time);
        using var term = new ControllerTerm(_options, _kube, new(northbound, southbound), Metrics, _logs, _time);
        if (admission is not null)
            term.Synced += () => admission.Lead(term.Reviewer);
        Volatile.Write(ref _term, term);
        try
        {
            await term.RunAsync(ConnectAsync(northbound, southbound, cancellation), cancellation);
        }
        finally
        {
            Volatile.Write(ref _term, null);
            admission?.Resign();
        }
    }

    private static async Task ConnectAsync(NorthboundDatabase northbound, SouthboundDatabase southbound, CancellationToken cancellation)
    {
        await Task.WhenAll(northbound.StartAsync(cancellation), southbound.StartAsync(cancellation));

        // The lease elects; the lock guarantees: what a former leader still sends is refused by the server.
        await northbound.LockAsync(DatabaseConnections.WriterLock, cancellation);
    }

    private void WriteMetrics(MetricsText text)
    {
        var term = Term;
        text.Family("sluice_leader", "gauge", "1 while this process leads.");
        text.Sample(term is null ? 0 : 1);
        term?.WriteMetrics(text);
    }
}
