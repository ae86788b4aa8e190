using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Bench;

/// <summary>What a run leaves in <c>artifacts/bench</c>.</summary>
internal sealed record Results(
    DateTimeOffset Finished, string Machine, IReadOnlyList<Figure> Figures, IReadOnlyList<Curve> Curves, IReadOnlyList<string> Notes)
{
    /// <summary>Writes <c>figures.json</c>, the same as a table in <c>figures.md</c>, and a plot for each curve.</summary>
    public async Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "figures.json"), JsonSerializer.Serialize(this, ResultsJson.Default.Results) + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "figures.md"), Report.Markdown(Figures));
        foreach (var plots in Curves.GroupBy(curve => curve.Id, StringComparer.Ordinal))
        {
            foreach (var (number, curve) in plots.Index())
            {
                var name = plots.Count() == 1 ? plots.Key : $"{plots.Key}-{number + 1}";
                await File.WriteAllTextAsync(Path.Combine(folder, $"{name.ToLowerInvariant()}.svg"), Plot.Of(curve));
            }
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Results))]
[JsonSerializable(typeof(SortedDictionary<string, double>))]
internal sealed partial class ResultsJson : JsonSerializerContext;
