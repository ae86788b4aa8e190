using System.Collections.Immutable;

namespace Sluice.Kube;

/// <summary>
/// Merges what the watch, the lists and the responses to our own writes say about the objects of a kind into one snapshot
/// that never goes back. <paramref name="changed"/> is called in the order of the changes, after the snapshot has them,
/// under the lock that orders them: it must be short and must not wait.
/// </summary>
internal sealed class ObjectStore<T>(ImmutableArray<Index<T>> indexes, Action<T?, T?> changed, TimeProvider time)
    where T : KubeObject
{
    private readonly Lock _gate = new();
    private readonly Tombstones _tombstones = new(time);
    private volatile InformerSnapshot<T> _snapshot = new(indexes);

    /// <summary>The version of the last list; null before the first one.</summary>
    private string? _listed;

    public InformerSnapshot<T> Snapshot => _snapshot;

    /// <summary>The watch says that the object now looks like this.</summary>
    public void Apply(T item)
    {
        lock (_gate)
        {
            // The watch is in order, so versions that cannot be compared are newer.
            if (IsNewer(item) ?? true)
                Set(item);
        }
    }

    /// <summary>The watch says that the object is gone; <paramref name="last"/> has the version of the deletion.</summary>
    public void Remove(T last) => Remove(last.Key, Version(last));

    /// <summary>The watch says that the object is gone since <paramref name="version"/>.</summary>
    public void Remove(ObjectKey key, string version)
    {
        lock (_gate)
        {
            // It may have been created again, which a response has told us before the watch gets there.
            if (IsNewer(key, version) ?? true)
                Unset(key, version);
        }
    }

    /// <summary>A response to one of our writes says that the object now looks like this. It may have been overtaken.</summary>
    public void Observe(T item)
    {
        lock (_gate)
        {
            // Removing the last finalizer of an object that is being deleted deletes it. The response may carry the version
            // from before, which the snapshot has already.
            if (item.Metadata is { IsDeleting: true, Finalizers: null or [], DeletionGracePeriodSeconds: null or 0 })
            {
                if (_snapshot.Find(item.Key) is { } stored && stored.Metadata.Uid == item.Metadata.Uid)
                    Unset(item.Key, Newer(Version(item), Version(stored)));
            }
            else if ((IsNewer(item) ?? false) && !IsMissingFromList(item))
            {
                Set(item);
            }
        }
    }

    /// <summary>A list says that at <paramref name="version"/> there were these objects and no others.</summary>
    /// <param name="isRestart">The server has lost its memory: what we know is worth nothing.</param>
    /// <param name="unread">There are these, too, and nothing else is known of them.</param>
    public void Replace(IReadOnlyList<T> items, string version, bool isRestart, IReadOnlyCollection<ObjectKey>? unread = null)
    {
        lock (_gate)
        {
            if (isRestart)
                _tombstones.Clear();

            var before = _snapshot;
            var next = before;
            var listed = new HashSet<ObjectKey>(unread ?? []);
            var changes = new List<(T? Old, T? New)>();
            foreach (var item in items)
            {
                listed.Add(item.Key);
                if (isRestart ? IsDifferent(item) : IsNewer(item) ?? true)
                {
                    changes.Add((before.Find(item.Key), item));
                    next = next.With(item);
                }
            }

            foreach (var stored in before.All)
            {
                // Something that we wrote after the list was made is not missing from it.
                if (listed.Contains(stored.Key) || (!isRestart && ResourceVersion.Compare(Version(stored), version) > 0))
                    continue;
                changes.Add((stored, null));
                next = next.Without(stored.Key);
                _tombstones.Add(stored.Key, version);
            }

            _snapshot = next;
            _listed = version;
            foreach (var (old, item) in changes)
                changed(old, item);
        }
    }

    /// <summary>Whether it is gone again: a list had it no more. The watch goes on from there, so that nothing would tell.</summary>
    private bool IsMissingFromList(T item) =>
        _listed is not null && _snapshot.Find(item.Key) is null && ResourceVersion.Compare(Version(item), _listed) <= 0;

    private static string Version(T item) => item.Metadata.ResourceVersion ?? "";

    private static string Newer(string left, string right) => ResourceVersion.Compare(left, right) < 0 ? right : left;

    private bool IsDifferent(T item) =>
        _snapshot.Find(item.Key) is not { } stored || stored.Metadata.Uid != item.Metadata.Uid || Version(stored) != Version(item);

    /// <summary>Null when the versions cannot be compared.</summary>
    private bool? IsNewer(T item) => IsNewer(item.Key, Version(item));

    private bool? IsNewer(ObjectKey key, string version)
    {
        var known = _snapshot.Find(key) is { } stored ? Version(stored) : _tombstones.VersionOf(key);
        return known is null ? true : ResourceVersion.Compare(version, known) is { } order ? order > 0 : null;
    }

    private void Set(T item)
    {
        var old = _snapshot.Find(item.Key);
        _snapshot = _snapshot.With(item);
        changed(old, item);
    }

    private void Unset(ObjectKey key, string version)
    {
        _tombstones.Add(key, version);
        if (_snapshot.Find(key) is not { } old)
            return;
        _snapshot = _snapshot.Without(key);
        changed(old, null);
    }
}
