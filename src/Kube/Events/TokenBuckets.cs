namespace Sluice.Kube;

/// <summary>One token bucket per key; the least recently used are forgotten beyond <paramref name="capacity"/>. Not thread safe.</summary>
internal sealed class TokenBuckets<TKey>(int burst, TimeSpan refill, int capacity, TimeProvider time)
    where TKey : notnull
{
    private readonly RecentlyUsed<TKey, Bucket> _buckets = new(capacity);

    public bool TryTake(TKey key)
    {
        var now = time.GetTimestamp();
        var bucket = _buckets.TryGet(key, out var known) ? known : new Bucket(burst, now);
        var tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now) / refill));
        var isAllowed = tokens >= 1;
        _buckets.Set(key, new Bucket(isAllowed ? tokens - 1 : tokens, now));
        return isAllowed;
    }

    private readonly record struct Bucket(double Tokens, long At);
}
