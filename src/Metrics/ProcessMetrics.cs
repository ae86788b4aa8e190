using System.Diagnostics;

namespace Sluice.Metrics;

/// <summary>What Prometheus's own clients say of their process.</summary>
public static class ProcessMetrics
{
    public static void Write(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.");
        text.Sample(new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0);
        text.Family("process_cpu_seconds_total", "counter", "Processor time used.");
        text.Sample(process.TotalProcessorTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Memory in use.");
        text.Sample(process.WorkingSet64);
    }
}
