using System.Collections.Concurrent;
using System.Globalization;

namespace Sluice.Metrics;

/// <summary>How values of something are distributed, by one label.</summary>
/// <param name="label">Name of the label.</param>
/// <param name="bounds">Upper bounds of the buckets, ascending; beyond the last is one more.</param>
public sealed class Histogram(string name, string help, string label, params double[] bounds)
{
    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);

    /// <summary>Bounds for durations in seconds: from a millisecond to half a minute.</summary>
    public static double[] Seconds => [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public void Observe(string labelValue, double value) => _series.GetOrAdd(labelValue, static (_, count) => new(count), bounds.Length + 1).Add(BucketOf(value), value);

    public void Write(MetricsText text)
    {
        text.Family(name, "histogram", help);
        foreach (var (value, series) in _series)
        {
            var (buckets, sum) = series.Read();
            long count = 0;
            for (var i = 0; i < buckets.Length; i++)
            {
                count += buckets[i];
                var bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                text.SampleOf("_bucket", count, (label, value), ("le", bound));
            }
            text.SampleOf("_sum", sum, (label, value));
            text.SampleOf("_count", count, (label, value));
        }
    }

    private int BucketOf(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        return bucket;
    }

    private sealed class Series(int buckets)
    {
        private readonly Lock _gate = new();
        private readonly long[] _buckets = new long[buckets];
        private double _sum;

        public void Add(int bucket, double value)
        {
            lock (_gate)
            {
                _buckets[bucket]++;
                _sum += value;
            }
        }

        public (long[] Buckets, double Sum) Read()
        {
            lock (_gate) return ([.. _buckets], _sum);
        }
    }
}
