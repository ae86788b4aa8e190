using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Sluice.Kube;

/// <summary>
/// All objects of a kind as they were at one moment. Immutable, so a reader may keep it as long as it likes; the next one
/// shares all that did not change.
/// </summary>
public sealed class InformerSnapshot<T>
    where T : KubeObject
{
    private readonly ImmutableArray<Index<T>> _indexes;
    private readonly ImmutableArray<ImmutableDictionary<string, ObjectSet<T>>> _byIndex;

    internal InformerSnapshot(ImmutableArray<Index<T>> indexes)
        : this(indexes, ObjectSet<T>.Empty, [.. indexes.Select(_ => ImmutableDictionary.Create<string, ObjectSet<T>>(StringComparer.Ordinal))])
    {
    }

    private InformerSnapshot(
        ImmutableArray<Index<T>> indexes,
        ObjectSet<T> all,
        ImmutableArray<ImmutableDictionary<string, ObjectSet<T>>> byIndex)
    {
        _indexes = indexes;
        All = all;
        _byIndex = byIndex;
    }

    /// <summary>Every object, by namespace and name.</summary>
    public ObjectSet<T> All { get; }

    public int Count => All.Count;

    public T? Find(ObjectKey key) => All.Find(key);

    /// <summary>A cluster-scoped object, or null.</summary>
    public T? Find(string name) => All.Find(new ObjectKey(name));

    public bool TryGet(string? ns, string name, [NotNullWhen(true)] out T? item)
    {
        item = All.Find(new ObjectKey(ns, name));
        return item is not null;
    }

    /// <summary>The objects that an index lists under a key.</summary>
    /// <exception cref="ArgumentException">The informer declares no such index.</exception>
    public ObjectSet<T> ByIndex(string index, string key)
    {
        for (var i = 0; i < _indexes.Length; i++)
        {
            if (string.Equals(_indexes[i].Name, index, StringComparison.Ordinal))
                return _byIndex[i].GetValueOrDefault(key, ObjectSet<T>.Empty);
        }

        throw new ArgumentException($"No index named {index} of {typeof(T).Name}", nameof(index));
    }

    internal InformerSnapshot<T> With(T item) => new(_indexes, All.With(item), Reindexed(All.Find(item.Key), item));

    internal InformerSnapshot<T> Without(ObjectKey key) =>
        All.Find(key) is { } item ? new(_indexes, All.Without(key), Reindexed(item, null)) : this;

    private ImmutableArray<ImmutableDictionary<string, ObjectSet<T>>> Reindexed(T? old, T? item)
    {
        if (_indexes.IsEmpty)
            return _byIndex;

        var next = _byIndex.ToBuilder();
        for (var i = 0; i < _indexes.Length; i++)
        {
            var keys = _indexes[i].Keys;
            if (old is not null)
            {
                foreach (var key in keys(old))
                    next[i] = Without(next[i], key, old.Key);
            }

            if (item is not null)
            {
                foreach (var key in keys(item))
                    next[i] = next[i].SetItem(key, next[i].GetValueOrDefault(key, ObjectSet<T>.Empty).With(item));
            }
        }

        return next.MoveToImmutable();
    }

    private static ImmutableDictionary<string, ObjectSet<T>> Without(ImmutableDictionary<string, ObjectSet<T>> index, string key, ObjectKey item)
    {
        if (!index.TryGetValue(key, out var bucket))
            return index;
        var rest = bucket.Without(item);
        return rest.Count == 0 ? index.Remove(key) : index.SetItem(key, rest);
    }
}
