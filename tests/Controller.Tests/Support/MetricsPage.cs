using System.Text.RegularExpressions;

namespace Sluice.Tests;

/// <summary>docs/metrics.md, and the metrics that the files of deploy/monitoring name.</summary>
internal static partial class MetricsPage
{
    /// <summary>The rows of the table below a heading.</summary>
    public static IEnumerable<string> Rows(string repository, string heading)
    {
        var lines = File.ReadAllLines(Path.Combine(repository, "docs/metrics.md"));
        return lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
    }

    /// <summary>What the table should say of some metrics; labels only of those that have samples.</summary>
    public static bool Describes(string row, PrometheusText.Family family)
    {
        var cells = row.Split('|', StringSplitOptions.TrimEntries);
        var labels = cells[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(label => label.Trim('`'));
        return cells[1] == $"`{family.Name}`" && cells[2] == family.Type && cells[4] == family.Help
            && (family.Labels.Count == 0 || family.Labels.SetEquals(labels));
    }

    /// <summary>The metrics that a dashboard or a rule asks for, as families.</summary>
    public static IEnumerable<string> Asked(string repository) =>
        Directory.EnumerateFiles(Path.Combine(repository, "deploy/monitoring"))
            .SelectMany(file => Name().Matches(File.ReadAllText(file)).Select(match => match.Value))
            .Select(name => Suffix().Replace(name, "")).Distinct(StringComparer.Ordinal);

    [GeneratedRegex("\\b((sluice|process)_[a-z0-9_]+|subnet_[a-z]+_ip_count)\\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|sum|count)$(?<!_ip_count)", RegexOptions.ExplicitCapture)]
    private static partial Regex Suffix();
}
