using System.Collections.Concurrent;

namespace Sluice.Metrics;

/// <summary>Counts something by up to two labels.</summary>
/// <param name="first">Name of the first label; empty for none.</param>
/// <param name="second">Name of the second label; empty for none.</param>
public sealed class Counter(string name, string help, string first = "", string second = "")
{
    private readonly ConcurrentDictionary<(string First, string Second), long> _counts = new();

    public long Total => _counts.Values.Sum();

    public void Add(string firstValue = "", string secondValue = "", long amount = 1) =>
        _counts.AddOrUpdate((firstValue, secondValue), static (_, added) => added, static (_, count, added) => count + added, amount);

    public long Of(string firstValue = "", string secondValue = "") => _counts.GetValueOrDefault((firstValue, secondValue));

    public void Write(MetricsText text)
    {
        text.Family(name, "counter", help);
        foreach (var (values, count) in _counts)
        {
            if (first.Length == 0) text.Sample(count);
            else if (second.Length == 0) text.Sample(count, (first, values.First));
            else text.Sample(count, (first, values.First), (second, values.Second));
        }
    }
}
