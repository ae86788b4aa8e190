using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kube.Core;

namespace Sluice.Kube;

/// <summary>
/// Elects one leader among processes by a Lease. A leader that cannot renew stops before the others may take over, as long
/// as clocks run at about the same speed; who needs more certainty fences its writes as well.
/// </summary>
public sealed partial class LeaderElector
{
    /// <summary>Spreads candidates that wait for the same lease, as client-go does.</summary>
    private const double AcquireJitter = 1.2;

    private readonly KubeClient _client;
    private readonly LeaderElectionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly LeaseObservation _observation;

    /// <summary>The lease as last read or written.</summary>
    private Lease? _lease;

    /// <summary>When the last successful write was sent: the earliest moment at which others can have seen it.</summary>
    private TimeSpan _takenAt;

    /// <summary>When the server last answered, as a timestamp.</summary>
    private long _heardAt = long.MinValue;

    private volatile bool _isLeader;

    public LeaderElector(KubeClient client, LeaderElectionOptions options, ILogger<LeaderElector>? logger = null, TimeProvider? time = null)
    {
        _client = client;
        _options = options.Validated();
        _logger = logger ?? NullLogger<LeaderElector>.Instance;
        _time = time ?? TimeProvider.System;
        _origin = _time.GetTimestamp();
        _observation = new LeaseObservation(_options);
    }

    /// <summary>Another holder was seen; null when the lease was given back.</summary>
    public event Action<string?>? LeaderChanged;

    /// <summary>True from the acquisition until leading was told to stop.</summary>
    public bool IsLeader => _isLeader;

    /// <summary>Who holds the lease, as last seen.</summary>
    public string? Leader => _observation.Holder;

    /// <summary>For how long the server has not answered about the lease, a refusal being an answer; null before its first answer.</summary>
    public TimeSpan? Silence => Volatile.Read(ref _heardAt) is var heard and not long.MinValue ? _time.GetElapsedTime(heard) : null;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>How long we still lead if no renewal succeeds.</summary>
    private TimeSpan TimeLeft => _takenAt + _options.RenewDeadline - Now is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>
    /// Waits until elected, then runs <paramref name="lead"/>, whose token is cancelled when the lease is lost or
    /// <paramref name="cancellationToken"/> is. Returns, the lease given back, when leading has ended for whatever reason.
    /// </summary>
    /// <returns>True if leading ended because the lease was lost.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        if (!await AcquireAsync(cancellationToken))
            return false;

        _isLeader = true;
        LogElected(_options.Identity, _options.Namespace, _options.Name);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var leading = LeadAsync(lead, term.Token);
        try
        {
            var isLost = await RenewUntilLostAsync(leading, term.Token);
            if (isLost)
                LogLost(_options.Identity, _options.Namespace, _options.Name);
            return isLost;
        }
        finally
        {
            _isLeader = false;
            await term.CancelAsync();
            try
            {
                await leading;
            }
            catch (OperationCanceledException) when (term.IsCancellationRequested)
            {
                // It was asked to.
            }
            finally
            {
                // Only after everything has stopped: the next leader starts at once.
                await ReleaseAsync();
            }
        }
    }

    private static async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken term)
    {
        // Whatever the work does before its first await must not delay the first renewal.
        await Task.Yield();
        await lead(term);
    }

    /// <summary>False when cancelled first.</summary>
    private async Task<bool> AcquireAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await TryTakeAsync(_options.RenewDeadline, cancellationToken))
                return true;
            await DelayAsync(_options.RetryPeriod * (1 + (AcquireJitter * Random.Shared.NextDouble())), cancellationToken);
        }

        return false;
    }

    /// <summary>True when the lease was lost, false when leading or waiting has ended by itself.</summary>
    private async Task<bool> RenewUntilLostAsync(Task leading, CancellationToken term)
    {
        while (true)
        {
            var pause = TimeLeft < _options.RetryPeriod ? TimeLeft : _options.RetryPeriod;
            await Task.WhenAny(leading, DelayAsync(pause, term));
            if (leading.IsCompleted || term.IsCancellationRequested)
                return false;
            if (TimeLeft > TimeSpan.Zero && await TryTakeAsync(TimeLeft, term))
                continue;
            if (TimeLeft <= TimeSpan.Zero || _observation.IsAnothers)
                return !term.IsCancellationRequested;
        }
    }

    /// <summary>One attempt to acquire or renew, within <paramref name="limit"/>. Failures are logged: there is always a next attempt.</summary>
    private async Task<bool> TryTakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // A holder mostly finds the lease as it left it; anybody else has to look first.
            if (_observation.IsOurs && await TryWriteAsync(linked.Token))
                return true;
            See(await _client.FindAsync(CoreResources.Leases, _options.Namespace, _options.Name, linked.Token));
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
            return _observation.MayTake(Now) && await TryWriteAsync(linked.Token);
        }
        catch (KubeException e)
        {
            LogUnavailable(_options.Namespace, _options.Name, e.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>False when the lease is not as we know it.</summary>
    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        var sentAt = Now;
        var wanted = _observation.Taken(_lease, _time.GetUtcNow());
        try
        {
            See(_lease is null
                ? await _client.CreateAsync(CoreResources.Leases, wanted, cancellationToken)
                : await _client.ReplaceAsync(CoreResources.Leases, wanted, cancellationToken));
            _takenAt = sentAt;
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
            return true;
        }
        catch (KubeException e) when (e.IsConflict || e.IsAlreadyExists || e.IsNotFound)
        {
            return false;
        }
    }

    private void See(Lease? lease)
    {
        var before = _observation.Holder;
        _lease = lease;
        _observation.See(lease?.Spec, Now);
        if (_observation.Holder == before)
            return;
        LogHolder(_options.Namespace, _options.Name, _observation.Holder);
        LeaderChanged?.Invoke(_observation.Holder);
    }

    private async Task ReleaseAsync()
    {
        if (!_options.ReleaseOnStop || !_observation.IsOurs)
            return;

        // Everything else has been cancelled, and this must not hold up the end for long.
        using var limit = new CancellationTokenSource(_options.RetryPeriod, _time);
        try
        {
            See(await _client.ReplaceAsync(CoreResources.Leases, _observation.Released(_lease!, _time.GetUtcNow()), limit.Token));
        }
        catch (Exception e) when (e is KubeException or OperationCanceledException)
        {
            LogUnavailable(_options.Namespace, _options.Name, e.Message);
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loops look at the token.
        }
    }

    [LoggerMessage(20, LogLevel.Information, "{Identity} leads by lease {Namespace}/{Name}")]
    private partial void LogElected(string identity, string @namespace, string name);

    [LoggerMessage(21, LogLevel.Error, "{Identity} has lost lease {Namespace}/{Name}")]
    private partial void LogLost(string identity, string @namespace, string name);

    [LoggerMessage(22, LogLevel.Information, "Lease {Namespace}/{Name} is held by {Holder}")]
    private partial void LogHolder(string @namespace, string name, string? holder);

    [LoggerMessage(23, LogLevel.Warning, "Cannot take or release lease {Namespace}/{Name}: {Cause}")]
    private partial void LogUnavailable(string @namespace, string name, string cause);
}
