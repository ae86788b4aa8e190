using System.Globalization;

namespace Sluice.Bench;

/// <summary>The command line.</summary>
/// <param name="Wanted">Budgets to measure; all when empty.</param>
/// <param name="Rounds">See <see cref="BenchRun.Rounds"/>.</param>
/// <param name="Largest">The largest size that growth is measured at; 0 measures no growth.</param>
/// <param name="Folder">Where results are written.</param>
/// <param name="Baseline">The file with the baseline.</param>
/// <param name="UpdateBaseline">Whether the figures become the new baseline.</param>
internal sealed record BenchOptions(
    IReadOnlySet<string> Wanted, int Rounds, int Largest, string Folder, string Baseline, bool UpdateBaseline)
{
    public const string Usage = """
        usage: sluice-bench [P1 P5 ...] [--rounds=5] [--largest=100000] [--out=artifacts/bench] [--baseline=bench/baseline.json] [--update-baseline]
               sluice-bench micro [options of BenchmarkDotNet]
        """;

    /// <exception cref="FormatException">An option is unknown or has no such value.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions(
            arguments.Where(argument => !argument.StartsWith('-')).ToHashSet(StringComparer.OrdinalIgnoreCase),
            5, 100_000, Path.Combine("artifacts", "bench"), Path.Combine("bench", "baseline.json"), false);
        foreach (var argument in arguments.Where(argument => argument.StartsWith('-')))
        {
            options = argument.Split('=', 2) switch
            {
                ["--rounds", var rounds] => options with { Rounds = Number(rounds) },
                ["--largest", var largest] => options with { Largest = Number(largest) },
                ["--out", var folder] => options with { Folder = folder },
                ["--baseline", var file] => options with { Baseline = file },
                ["--update-baseline"] => options with { UpdateBaseline = true },
                _ => throw new FormatException($"unknown option {argument}"),
            };
        }
        return options;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);
}
