using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Sluice.Controller;

/// <summary>How the process logs, and what it says about itself.</summary>
internal static partial class Logging
{
    /// <summary>klog's <c>-v</c> from which on each reconciled key is logged.</summary>
    private const int VerboseFrom = 4;

    /// <summary>One line per message on standard error, as klog writes.</summary>
    public static void AddKlog(this ILoggingBuilder logging, int verbosity)
    {
        logging.SetMinimumLevel(verbosity >= VerboseFrom ? LogLevel.Debug : LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    [LoggerMessage(20, LogLevel.Information, "Starting: {Options}")]
    public static partial void Starting(this ILogger logger, string options);

    [LoggerMessage(21, LogLevel.Information, "Flag --{Flag} is accepted but has no effect")]
    public static partial void FlagWithoutEffect(this ILogger logger, string flag);
}
