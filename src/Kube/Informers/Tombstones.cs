namespace Sluice.Kube;

/// <summary>
/// Remembers deletions for as long as a response from before may still be on its way, so that it cannot bring the object
/// back. Not thread safe.
/// </summary>
internal sealed class Tombstones(TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    private readonly Dictionary<ObjectKey, string> _versions = [];
    private readonly Queue<(ObjectKey Key, string Version, long At)> _order = [];

    /// <summary>The version at which the object was deleted, or null.</summary>
    public string? VersionOf(ObjectKey key) => _versions.GetValueOrDefault(key);

    public void Add(ObjectKey key, string version)
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Age)
        {
            _order.Dequeue();
            // A later deletion of the same name has its own entry further back.
            if (_versions.TryGetValue(oldest.Key, out var current) && current == oldest.Version)
                _versions.Remove(oldest.Key);
        }

        _versions[key] = version;
        _order.Enqueue((key, version, time.GetTimestamp()));
    }

    public void Clear()
    {
        _versions.Clear();
        _order.Clear();
    }
}
