using System.Collections;
using System.Collections.Immutable;

namespace Sluice.Kube;

/// <summary>Objects in the order of their keys; immutable.</summary>
public sealed class ObjectSet<T> : IReadOnlyCollection<T>
    where T : KubeObject
{
    private readonly ImmutableSortedDictionary<ObjectKey, T> _items;

    internal ObjectSet(ImmutableSortedDictionary<ObjectKey, T> items) => _items = items;

    public static ObjectSet<T> Empty { get; } = new(ImmutableSortedDictionary<ObjectKey, T>.Empty);

    public int Count => _items.Count;

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var (_, item) in _items)
            yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal T? Find(ObjectKey key) => _items.GetValueOrDefault(key);

    internal ObjectSet<T> With(T item) => new(_items.SetItem(item.Key, item));

    internal ObjectSet<T> Without(ObjectKey key) => new(_items.Remove(key));
}
