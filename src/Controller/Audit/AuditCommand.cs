using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sluice.Controller.Http;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Controller.Audit;

/// <summary>
/// <c>--audit-only</c>: looks at everything once, as a controller that starts does, writes nothing, and prints what it would have written.
/// It needs neither the lease nor the lock, so that it can be run beside the controller that has them, be it ours or Kube-OVN's.
/// What would follow from those writes in turn is not shown.
/// </summary>
public sealed class AuditCommand(ControllerOptions options, KubeClient kube, ILoggerFactory logs, TimeProvider time, TextWriter output)
{
    private const int NothingToChange = 0, Failed = 1, ChangesFound = 3;

    /// <summary>Something fails again and again, which the log explains.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var northbound = new NorthboundDatabase(
            DatabaseConnections.Of(options, options.NorthboundAddress), logs.CreateLogger<NorthboundDatabase>(), time);
        await northbound.StartAsync(cancellation);
        await using var southbound = new SouthboundDatabase(
            DatabaseConnections.Of(options, options.SouthboundAddress), logs.CreateLogger<SouthboundDatabase>(), time);
        await southbound.StartAsync(cancellation);

        var audit = new AuditLog();
        var isComplete = true;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using (var term = new ControllerTerm(options, kube, new(northbound, southbound), new ControllerMetrics(), logs, time, audit))
        {
            var running = term.RunAsync(Task.CompletedTask, end.Token);
            try
            {
                await Task.WhenAny(audit.Completed, running).WaitAsync(Patience, time, cancellation);
            }
            catch (TimeoutException)
            {
                isComplete = false;
            }
            await end.CancelAsync();
            await running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (running.IsFaulted)
                await running;
        }
        cancellation.ThrowIfCancellationRequested();

        var changes = audit.Changes;
        if (options.AuditFormat == AuditFormats.Json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(changes, AuditJsonContext.Default.IReadOnlyListAuditChange));
        }
        else
        {
            foreach (var change in changes)
                await output.WriteLineAsync(change.ToString());
            await output.WriteLineAsync($"{changes.Length} changes{(isComplete ? "" : "; not everything could be looked at")}");
        }
        return !isComplete ? Failed : changes.IsEmpty ? NothingToChange : ChangesFound;
    }
}
