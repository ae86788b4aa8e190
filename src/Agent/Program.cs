using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sluice.Agent;
using Sluice.Agent.Netlink;
using Sluice.Agent.Options;
using Sluice.Kube;

const int UsageError = 2;
const uint OwnerOnly = 0b000_111_111;

AgentOptions options;
IReadOnlyList<string> withoutEffect;
KubeConfig kubeConfig;
try
{
    (options, withoutEffect) = AgentFlags.Parse(args, Environment.GetEnvironmentVariable);
    kubeConfig = options.Kubeconfig.Length > 0 ? KubeConfig.Load(options.Kubeconfig) : KubeConfig.InCluster();
}
catch (Exception e) when (e is FormatException or KubeConfigException)
{
    await Console.Error.WriteLineAsync($"sluice-agent: {e.Message}");
    return UsageError;
}

using var loggers = LoggerFactory.Create(logging => logging
    .AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss.fff ";
        console.UseUtcTimestamp = true;
    })
    .SetMinimumLevel(options.Verbosity >= 4 ? LogLevel.Debug : LogLevel.Information)
    .AddFilter("Microsoft", LogLevel.Warning));
var logger = loggers.CreateLogger("Sluice.Agent");
Log.Starting(logger, options);
if (withoutEffect.Count > 0)
    Log.WithoutEffect(logger, string.Join(", ", withoutEffect));

// Whatever this process creates, the CNI socket above all, is root's alone.
NativeMethods.SetFileCreationMask(OwnerOnly);

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await new AgentHost(options, kubeConfig, NetworkNamespace.Own, loggers, TimeProvider.System).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    // Asked to stop before everything was up.
}
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information, "Starting with {Options}")]
    public static partial void Starting(ILogger logger, AgentOptions options);

    [LoggerMessage(61, LogLevel.Warning, "These flags have no effect here: {Flags}")]
    public static partial void WithoutEffect(ILogger logger, string flags);
}
