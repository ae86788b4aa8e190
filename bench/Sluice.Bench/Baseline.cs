using System.Text.Json;

namespace Sluice.Bench;

/// <summary>
/// What figures were when somebody last looked at them all: the ratio to the floor, or our own figure where there is no floor.
/// Compared with generous bounds and never enforced, because a busy machine moves everything.
/// </summary>
internal sealed class Baseline(SortedDictionary<string, double> values)
{
    /// <summary>What noise may do to a ratio.</summary>
    public const double Noise = 1.5;

    public static async Task<Baseline> ReadAsync(string file) => new(
        File.Exists(file)
            ? JsonSerializer.Deserialize(await File.ReadAllTextAsync(file), ResultsJson.Default.SortedDictionaryStringDouble) ?? []
            : []);

    /// <summary>How a figure compares, in words; empty for one that is new or about the same.</summary>
    public string Compare(Figure figure)
    {
        if (!values.TryGetValue(Key(figure), out var before) || before <= 0 || figure.Bounded <= 0)
            return "";
        var worse = figure.AtLeast ? before / figure.Bounded : figure.Bounded / before;
        return worse switch
        {
            > Noise => FormattableString.Invariant($"worse, was {before:0.###}"),
            < 1 / Noise => FormattableString.Invariant($"better, was {before:0.###}"),
            _ => "as before",
        };
    }

    /// <summary>Takes the figures of a run over; those that were not measured stay.</summary>
    public async Task WriteAsync(string file, IReadOnlyList<Figure> figures)
    {
        foreach (var figure in figures)
            values[Key(figure)] = Math.Round(figure.Bounded, 4);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(values, ResultsJson.Default.SortedDictionaryStringDouble) + "\n");
    }

    private static string Key(Figure figure) => $"{figure.Id}: {figure.What.Trim()}";
}
