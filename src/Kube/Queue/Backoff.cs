namespace Sluice.Kube;

/// <summary>Delays that double from <see cref="First"/> to <see cref="Longest"/>.</summary>
/// <param name="Jitter">
/// Each delay is lengthened by a random part of itself, at most this fraction, so that many clients of one server that
/// failed together do not come back together.
/// </param>
public readonly record struct Backoff(TimeSpan First, TimeSpan Longest, double Jitter = 0)
{
    /// <param name="failures">How many attempts have failed before, from 0.</param>
    public TimeSpan Delay(int failures)
    {
        // Beyond thirty doublings a number of failures would overflow a TimeSpan, and every sensible limit is reached.
        var factor = Math.Min(1L << Math.Min(failures, 30), Longest / First);
        return First * factor * (1 + (Jitter * Random.Shared.NextDouble()));
    }
}
