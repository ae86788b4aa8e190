using Microsoft.Extensions.Logging;
using Sluice.Agent.Health;
using Sluice.Kube;
using Sluice.Ovsdb;
using Sluice.Plan;

namespace Sluice.Agent.Reconcile;

/// <summary>Workers that take keys from a queue and hand them to their reconcilers.</summary>
internal sealed partial class ReconcileLoop(
    WorkQueue<AgentKey> queue, IEnumerable<IReconciler> reconcilers, AgentMetrics metrics, ILogger<ReconcileLoop> logger, TimeProvider time)
{
    /// <summary>Work here waits for the kernel, for OVS and for the API server, never for the processor.</summary>
    private const int Workers = 4;

    private readonly FailureLog _failures = new(time);

    private readonly Dictionary<string, IReconciler> _reconcilers = reconcilers.ToDictionary(reconciler => reconciler.Kind);

    /// <summary>Works until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(ct)));

    private async Task WorkAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var key = await queue.TakeAsync(ct);
                try
                {
                    await ReconcileAsync(key, ct);
                }
                finally
                {
                    queue.Done(key);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private async Task ReconcileAsync(AgentKey key, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        try
        {
            var outcome = await _reconcilers[key.Kind].ReconcileAsync(key.Name, ct);
            metrics.Reconciled(key.Kind, NameOf(outcome), time.GetElapsedTime(started));
            switch (outcome)
            {
                case Outcome.After after:
                    queue.AddAfter(key, after.Delay);
                    break;
                case Outcome.Blocked blocked when _failures.IsNews(key.Kind, blocked.Message, out _):
                    LogBlocked(key, blocked.Reason, blocked.Message);
                    break;
            }
            queue.Forget(key);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (KubeException e) when (e.IsConflict)
        {
            // Somebody was faster; the watch brings what they wrote.
            queue.Retry(key);
        }
        catch (Exception e)
        {
            var delay = queue.Retry(key);
            metrics.Reconciled(key.Kind, "failed", time.GetElapsedTime(started));
            if (_failures.IsNews(key.Kind, e.Message, out var untold))
                LogFailed(key, delay, untold, e.Message, IsExpected(e) ? null : e);
        }
    }

    private static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.After => "after",
        Outcome.Blocked => "blocked",
        _ => "done",
    };

    /// <summary>A server that is not there, or says no: where in our code we asked it tells nobody anything.</summary>
    private static bool IsExpected(Exception e) => e is KubeException or OvsdbException or TimeoutException;

    [LoggerMessage(10, LogLevel.Warning, "{Key} has to wait: {Reason}: {Cause}")]
    private partial void LogBlocked(AgentKey key, string reason, string cause);

    [LoggerMessage(11, LogLevel.Error, "{Key} failed, again in {Delay}, {Untold} more like it before: {Cause}")]
    private partial void LogFailed(AgentKey key, TimeSpan delay, int untold, string cause, Exception? trace);
}
