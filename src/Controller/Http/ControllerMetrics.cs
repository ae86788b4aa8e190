using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Sluice.Controller.Http;

/// <summary>What the controller counts, in the text format of Prometheus.</summary>
/// <seealso href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>
public sealed class ControllerMetrics
{
    private readonly ConcurrentDictionary<(string Kind, string Result), long> _reconciles = new();
    private readonly ConcurrentDictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Kind, string Verb), long> _writes = new();
    private readonly ConcurrentDictionary<(string Kind, string Verb), long> _conflicts = new();
    private readonly ConcurrentBag<Action<MetricsText>> _gauges = [];

    /// <summary>API objects written since the start.</summary>
    public long ApiWrites => _writes.Values.Sum();

    /// <summary>Objects of one kind written in one way since the start.</summary>
    public long ApiWritesOf(string kind, string verb) => _writes.GetValueOrDefault((kind, verb));

    /// <summary>Adds figures that are looked up when somebody asks.</summary>
    public void AddGauges(Action<MetricsText> write) => _gauges.Add(write);

    /// <param name="result">done, after, blocked or failed.</param>
    public void Reconciled(string kind, string result, TimeSpan duration)
    {
        _reconciles.AddOrUpdate((kind, result), 1, static (_, count) => count + 1);
        _seconds.AddOrUpdate(kind, static (_, added) => added, static (_, sum, added) => sum + added, duration.TotalSeconds);
    }

    public void ApiWrite(string kind, string verb) => _writes.AddOrUpdate((kind, verb), 1, static (_, count) => count + 1);

    /// <summary>A write was dropped because the object had changed.</summary>
    public void ApiConflict(string kind, string verb) => _conflicts.AddOrUpdate((kind, verb), 1, static (_, count) => count + 1);

    public override string ToString()
    {
        var text = new MetricsText();
        text.Family("sluice_reconcile_total", "counter", "Keys worked on, by how it ended.");
        foreach (var ((kind, result), count) in _reconciles)
            text.Sample(count, ("kind", kind), ("result", result));
        text.Family("sluice_reconcile_seconds_total", "counter", "Time spent on keys.");
        foreach (var (kind, seconds) in _seconds)
            text.Sample(seconds, ("kind", kind));
        text.Family("sluice_api_writes_total", "counter", "Objects written to the API server.");
        foreach (var ((kind, verb), count) in _writes)
            text.Sample(count, ("kind", kind), ("verb", verb));
        text.Family("sluice_api_conflicts_total", "counter", "Writes dropped because the object had changed.");
        foreach (var ((kind, verb), count) in _conflicts)
            text.Sample(count, ("kind", kind), ("verb", verb));
        foreach (var write in _gauges)
            write(text);
        return text.ToString();
    }
}

/// <summary>Writes metric families one after the other.</summary>
public sealed class MetricsText
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Starts a family; the samples that follow are its.</summary>
    public void Family(string name, string type, string help)
    {
        _family = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        }
        if (!labels.IsEmpty)
            _text.Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
