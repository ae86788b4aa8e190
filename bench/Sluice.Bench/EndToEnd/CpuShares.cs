using System.Globalization;
using Sluice.Lab.Processes;

namespace Sluice.Bench.EndToEnd;

/// <summary>Seconds of CPU time that each program of a cluster has used so far: where the time of a scenario goes.</summary>
internal sealed class CpuShares
{
    /// <summary>The writers, and whatever else is this program.</summary>
    public const string Ourselves = "the writers";

    private readonly IReadOnlyDictionary<string, double> _seconds;

    private CpuShares(IReadOnlyDictionary<string, double> seconds) => _seconds = seconds;

    /// <summary>Of all programs that run now.</summary>
    public static CpuShares Of(BenchCluster cluster)
    {
        var seconds = cluster.Lab.Components.Where(component => component.Process is not null).ToDictionary(component => component.Id, Seconds, StringComparer.Ordinal);
        seconds[Ourselves] = Environment.CpuUsage.TotalTime.TotalSeconds;
        return new(seconds);
    }

    /// <summary>What was used since <paramref name="start"/> by programs that ran then, too.</summary>
    public IReadOnlyDictionary<string, double> Since(CpuShares start) => _seconds
        .Where(program => start._seconds.ContainsKey(program.Key))
        .ToDictionary(program => program.Key, program => program.Value - start._seconds[program.Key], StringComparer.Ordinal);

    /// <summary>What one program has used.</summary>
    public static double Seconds(Component component)
    {
        // proc(5): fields 14 and 15 of stat, counted after the name, which may contain anything.
        var pid = component.Process?.Pid ?? throw new InvalidOperationException($"{component.Id} does not run");
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const double TicksPerSecond = 100;
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
