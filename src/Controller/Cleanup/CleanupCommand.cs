using Microsoft.Extensions.Logging;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Controller.Cleanup;

/// <summary>
/// <c>sluice-controller cleanup</c>: removes our northbound rows and releases our finalizers, so that the controller can be uninstalled.
/// Doing it again does nothing. Objects themselves stay.
/// </summary>
public sealed class CleanupCommand(ControllerOptions options, CleanupOptions cleanup, KubeClient kube, ILoggerFactory logs, TimeProvider time, TextWriter output)
{
    /// <summary>Rows had to stay, or nothing was done because nobody said <c>--yes</c>.</summary>
    private const int Incomplete = 1;

    /// <summary>Waits for the lease: a controller that still runs would make everything anew.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (!cleanup.Yes)
        {
            await WorkAsync(cancellation);
            await output.WriteLineAsync("nothing was done; say --yes to do it");
            return Incomplete;
        }

        var kept = 0;
        var elector = new LeaderElector(kube, options.Election, logs.CreateLogger<LeaderElector>(), time);
        await output.WriteLineAsync($"waiting for the lease {options.Election.Namespace}/{options.Election.Name}, which a running controller holds");
        var isReplaced = await elector.RunAsync(async term => kept = await WorkAsync(term), cancellation);
        cancellation.ThrowIfCancellationRequested();
        return isReplaced || kept > 0 ? Incomplete : 0;
    }

    /// <returns>How many rows had to stay.</returns>
    private async Task<int> WorkAsync(CancellationToken cancellation)
    {
        var kept = 0;
        if (!cleanup.SkipOvn)
        {
            await using var northbound = new NorthboundDatabase(
                DatabaseConnections.Of(options, options.NorthboundAddress), logs.CreateLogger<NorthboundDatabase>(), time);
            await northbound.StartAsync(cancellation);
            if (cleanup.Yes)
                await northbound.LockAsync(DatabaseConnections.WriterLock, cancellation);
            kept = await new NorthboundCleanup(northbound, output).RunAsync(!cleanup.Yes, cancellation);
        }
        await new FinalizerCleanup(kube, output).RunAsync(!cleanup.Yes, cancellation);
        return kept;
    }
}
