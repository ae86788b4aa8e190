using Microsoft.Extensions.Logging;
using Sluice.Controller.Options;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovsdb;

namespace Sluice.Controller;

/// <summary>What a new leader sees to before it looks at anything else.</summary>
/// <param name="northbound">Null when nothing may be written to it.</param>
internal sealed partial class FirstSteps(
    Cluster cluster, ObjectWriter objects, NorthboundDatabase? northbound, ControllerOptions options, ILogger<FirstSteps> logger, TimeProvider time)
{
    private readonly Backoff _backoff = new(options.RetryMinDelay, options.RetryMaxDelay);

    /// <summary>Done when all is as it should be: servers that do not answer are asked again, for a leader that gives up helps nobody.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await Bootstrap.RunAsync(cluster, objects, options, cancellation);
                if (northbound is not null)
                    await TunnelBfd.SetAsync(northbound, options.TunnelBfdInterval, cancellation);
                return;
            }
            catch (Exception e) when (e is KubeException { IsTransient: true } or OvsdbException { IsTransient: true })
            {
                var delay = _backoff.Delay(failures);
                LogFailed(delay.TotalSeconds, e.Message);
                await Task.Delay(delay, time, cancellation);
            }
        }
    }

    [LoggerMessage(56, LogLevel.Warning, "The first steps are tried again in {Seconds:0.0} s: {Cause}")]
    private partial void LogFailed(double seconds, string cause);
}
