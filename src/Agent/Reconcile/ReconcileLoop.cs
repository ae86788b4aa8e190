using Microsoft.Extensions.Logging;
using Sluice.Kube;
using Sluice.Plan;

namespace Sluice.Agent.Reconcile;

/// <summary>Workers that take keys from a queue and hand them to their reconcilers.</summary>
internal sealed partial class ReconcileLoop(WorkQueue<AgentKey> queue, IEnumerable<IReconciler> reconcilers, ILogger<ReconcileLoop> logger)
{
    /// <summary>Work here waits for the kernel, for OVS and for the API server, never for the processor.</summary>
    private const int Workers = 4;

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
        try
        {
            switch (await _reconcilers[key.Kind].ReconcileAsync(key.Name, ct))
            {
                case Outcome.After after:
                    queue.AddAfter(key, after.Delay);
                    break;
                case Outcome.Blocked blocked:
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
            LogFailed(key, delay, e);
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "{Key} has to wait: {Reason}: {Cause}")]
    private partial void LogBlocked(AgentKey key, string reason, string cause);

    [LoggerMessage(11, LogLevel.Error, "{Key} failed, next try in {Delay}")]
    private partial void LogFailed(AgentKey key, TimeSpan delay, Exception cause);
}
