using System.Diagnostics;

namespace Sluice.Bench;

/// <summary>Timing helpers. Other work on the machine moves every figure, so rounds alternate and medians are compared.</summary>
internal static class Measure
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Percentile(IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * percent / 100))];
    }

    /// <summary>Seconds that <paramref name="work"/> took.</summary>
    public static async Task<double> SecondsAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Milliseconds of CPU time of the process that <paramref name="work"/> took: other load on the machine does not count.</summary>
    public static double CpuMilliseconds(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    /// <summary>Runs A and B in turn and returns the seconds of each, so that noise hits both alike.</summary>
    public static async Task<(double[] A, double[] B)> AlternateAsync(int rounds, Func<Task<double>> a, Func<Task<double>> b)
    {
        var secondsA = new double[rounds];
        var secondsB = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            secondsA[round] = await a();
            secondsB[round] = await b();
        }

        return (secondsA, secondsB);
    }

    /// <summary>The largest resident set of a process so far, in MB (proc(5), VmHWM).</summary>
    public static double PeakMegabytes(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(6, line.Length - 6 - 3).Trim(), System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }
}
