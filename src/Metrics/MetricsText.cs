using System.Globalization;
using System.Text;

namespace Sluice.Metrics;

/// <summary>Writes metric families one after the other, in the text format of Prometheus.</summary>
/// <seealso href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>
public sealed class MetricsText
{
    /// <summary>The Content-Type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4";

    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Starts a family; the samples that follow are its.</summary>
    /// <param name="type">counter, gauge or histogram.</param>
    public void Family(string name, string type, string help)
    {
        _family = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(help)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Write("", value, labels);

    /// <summary>A sample of a family whose samples have names of their own, such as a histogram's <c>_sum</c>.</summary>
    public void SampleOf(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels) => Write(suffix, value, labels);

    public override string ToString() => _text.ToString();

    private void Write(string suffix, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(EscapeLabel(labels[i].Value)).Append('"');
        }
        if (!labels.IsEmpty)
            _text.Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string EscapeHelp(string help) => help
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);
}
