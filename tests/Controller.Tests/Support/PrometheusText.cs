using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Tests;

/// <summary>
/// Reads the text format of Prometheus as strictly as its documentation is: every sample below the HELP and TYPE of its family, every family
/// and every series once, histograms complete.
/// </summary>
/// <seealso href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Family> Families => _families;

    /// <summary>Values by series as it is written, labels in the order of their names.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static PrometheusText Parse(string text)
    {
        var result = new PrometheusText();
        if (!text.EndsWith('\n')) throw new FormatException("the last line does not end");
        Family? current = null;
        var lines = text.Split('\n')[..^1];
        for (var i = 0; i < lines.Length; i++)
        {
            if (HelpLine().Match(lines[i]) is { Success: true } help)
            {
                var type = i + 1 < lines.Length ? TypeLine().Match(lines[++i]) : Match.Empty;
                var name = help.Groups["name"].Value;
                if (!type.Success || type.Groups["name"].Value != name) throw new FormatException($"no TYPE follows: {lines[i - 1]}");
                current = new(name, type.Groups["type"].Value, Unescape(help.Groups["help"].Value));
                if (!result._families.TryAdd(name, current)) throw new FormatException($"family {name} is there twice");
            }
            else
            {
                result.AddSample(current, lines[i]);
            }
        }
        foreach (var family in result._families.Values.Where(family => family.Type == "histogram")) result.CheckHistogram(family);
        return result;
    }

    public double Value(string series) => _samples.TryGetValue(series, out var value) ? value : throw new FormatException($"no series {series}");

    private void AddSample(Family? family, string line)
    {
        var match = SampleLine().Match(line);
        if (family is null || !match.Success) throw new FormatException($"no sample: {line}");
        var name = match.Groups["name"].Value;
        string[] names = family.Type == "histogram" ? [$"{family.Name}_bucket", $"{family.Name}_sum", $"{family.Name}_count"] : [family.Name];
        if (!names.Contains(name)) throw new FormatException($"not of family {family.Name}: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value)
            .Select(label => (Name: label.Groups["name"].Value, Value: Unescape(label.Groups["value"].Value))).OrderBy(label => label.Name, StringComparer.Ordinal).ToArray();
        family.Labels.UnionWith(labels.Select(label => label.Name).Where(label => label != "le"));
        if (labels.DistinctBy(label => label.Name).Count() != labels.Length) throw new FormatException($"a label twice: {line}");
        var series = $"{name}{{{string.Join(',', labels.Select(label => $"{label.Name}={label.Value}"))}}}";
        if (!_samples.TryAdd(series, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture))) throw new FormatException($"series twice: {line}");
    }

    private void CheckHistogram(Family family)
    {
        foreach (var (series, count) in _samples.Where(sample => sample.Key.StartsWith($"{family.Name}_count{{", StringComparison.Ordinal)))
        {
            var labels = series[(family.Name.Length + "_count{".Length)..^1];
            var buckets = _samples.Where(sample => sample.Key.StartsWith($"{family.Name}_bucket{{", StringComparison.Ordinal)
                && Without(sample.Key[(family.Name.Length + "_bucket{".Length)..^1]) == labels).ToArray();
            if (!buckets.Select(bucket => bucket.Value).SequenceEqual(buckets.Select(bucket => bucket.Value).Order())) throw new FormatException($"{series}: buckets shrink");
            if (!buckets[^1].Key.Contains("le=+Inf", StringComparison.Ordinal) || buckets[^1].Value != count) throw new FormatException($"{series}: no +Inf");
        }

        static string Without(string labels) => string.Join(',', labels.Split(',').Where(label => !label.StartsWith("le=", StringComparison.Ordinal)));
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++) result.Append(text[i] != '\\' ? text[i] : text[++i] == 'n' ? '\n' : text[i]);
        return result.ToString();
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<help>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\n"])*",?)*)\})? (?<value>-?[0-9.E+-]+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\[\\n"])*)",?""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();

    internal sealed record Family(string Name, string Type, string Help)
    {
        public SortedSet<string> Labels { get; } = new(StringComparer.Ordinal);
    }
}
