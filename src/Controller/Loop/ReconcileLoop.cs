using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sluice.Controller.Http;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovsdb;
using Sluice.Plan;

namespace Sluice.Controller.Loop;

/// <summary>The queue of keys, and the workers that hand each to the reconciler of its kind.</summary>
public sealed partial class ReconcileLoop : IDisposable
{
    private readonly FrozenDictionary<string, IReconciler> _reconcilers;
    private readonly WorkQueue<OwnerKey> _queue;
    private readonly ConcurrentDictionary<OwnerKey, long> _active = new();
    private readonly int _workers;
    private readonly ControllerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly FailureLog _failures;
    private readonly TimeProvider _time;

    public ReconcileLoop(
        IEnumerable<IReconciler> reconcilers,
        WorkQueue<OwnerKey> queue,
        ControllerOptions options,
        ControllerMetrics metrics,
        ILogger<ReconcileLoop> logger,
        TimeProvider time)
    {
        _reconcilers = reconcilers.ToFrozenDictionary(reconciler => reconciler.Kind, StringComparer.Ordinal);
        _queue = queue;
        _workers = options.WorkersPerKind * _reconcilers.Count;
        (_metrics, _logger, _time, _failures) = (metrics, logger, time, new(time));
    }

    /// <summary>The key that has been worked on for the longest time, and for how long; null when there is none.</summary>
    public (OwnerKey Key, TimeSpan Age)? Oldest
    {
        get
        {
            var oldest = _active.OrderBy(work => work.Value).Select(work => ((OwnerKey, long)?)(work.Key, work.Value)).FirstOrDefault();
            return oldest is var (key, started) ? (key, _time.GetElapsedTime(started)) : null;
        }
    }

    /// <summary>A key was worked on and did not fail. Raised before the queue may hand it out again.</summary>
    public event Action<OwnerKey>? Reconciled;

    public void Dispose() => _queue.Dispose();

    /// <summary>Whether keys of the kind have a reconciler.</summary>
    public bool Serves(string kind) => _reconcilers.ContainsKey(kind);

    /// <summary>Works until cancelled; keys that are being worked on then are finished or abandoned by their reconcilers.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, _workers).Select(_ => Task.Run(() => WorkAsync(cancellation), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            OwnerKey key;
            try
            {
                key = await _queue.TakeAsync(cancellation);
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                return;
            }

            var rest = TimeSpan.Zero;
            try
            {
                _active[key] = _time.GetTimestamp();
                rest = await ReconcileAsync(key, cancellation);
            }
            finally
            {
                _active.TryRemove(key, out _);
                _queue.Done(key, rest);
            }
        }
    }

    /// <returns>See <see cref="Outcome.Rest"/>.</returns>
    private async Task<TimeSpan> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        if (!_reconcilers.TryGetValue(key.Kind, out var reconciler))
            return TimeSpan.Zero;

        var started = _time.GetTimestamp();
        try
        {
            var outcome = await reconciler.ReconcileAsync(key, cancellation);
            _metrics.Reconciled(key.Kind, Name(outcome), _time.GetElapsedTime(started));
            LogOutcome(key, outcome);
            _queue.Forget(key);
            if (outcome is Outcome.After after)
                _queue.AddAfter(key, after.Delay);
            Reconciled?.Invoke(key);
            return outcome.Rest;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process is about to stop leading; whoever leads next does it all again.
        }
        catch (Exception e)
        {
            var delay = _queue.Retry(key);
            _metrics.Reconciled(key.Kind, "failed", _time.GetElapsedTime(started));
            _metrics.Retried(key.Kind);
            if (_failures.IsNews(key.Kind, e.Message, out var untold))
                LogFailure(key, delay, untold, e.Message, IsExpected(e) ? null : e);
        }
        return TimeSpan.Zero;
    }

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.After => "after",
        Outcome.Blocked => "blocked",
        _ => "done",
    };

    [LoggerMessage(1, LogLevel.Debug, "{Key}: {Outcome}")]
    private partial void LogOutcome(OwnerKey key, Outcome outcome);

    /// <summary>A server that is not there or says no: where in our code we asked it tells nobody anything.</summary>
    private static bool IsExpected(Exception e) => e is KubeException or OvsdbException or TimeoutException;

    [LoggerMessage(2, LogLevel.Error, "{Key} failed, again in {Delay}, {Untold} more like it before: {Cause}")]
    private partial void LogFailure(OwnerKey key, TimeSpan delay, int untold, string cause, Exception? trace);
}
