using System.Collections;
using System.Numerics;

namespace Sluice.Ovsdb;

/// <summary>
/// An immutable hash map, made for replicas: a lookup costs one hash and two array reads, an item costs 8 bytes beside itself, and a
/// batch of changes copies only the pages that it touches.
/// </summary>
/// <remarks>
/// Buckets stand in pages of 64. A bucket is null, an item, or an array of items. Keys are not stored: the caller computes them again
/// from the items of a bucket. <see cref="System.Collections.Immutable.ImmutableDictionary{TKey, TValue}"/> would take 70 bytes and a
/// walk of 17 nodes per item at 100,000 items.
/// </remarks>
internal sealed class PagedMap<T> : IEnumerable<T>
    where T : class
{
    private const int PageBits = 6;
    private const int PageSize = 1 << PageBits;

    private readonly object?[][] _pages;

    private PagedMap(object?[][] pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    public static PagedMap<T> Empty { get; } = new([new object?[PageSize]], 0);

    public int Count { get; }

    /// <summary>The item with this hash for which the condition holds.</summary>
    public T? Find<TKey>(int hash, TKey key, Func<T, TKey, bool> condition) => Find(_pages, hash, key, condition);

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var page in _pages)
        {
            foreach (var content in page)
            {
                if (content is T[] items)
                {
                    foreach (var item in items)
                        yield return item;
                }
                else if (content is not null)
                {
                    yield return (T)content;
                }
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static T? Find<TKey>(object?[][] pages, int hash, TKey key, Func<T, TKey, bool> condition)
    {
        var content = pages[PageOf(hash, pages.Length)][SlotOf(hash)];
        if (content is null)
            return null;
        if (content is not T[] items)
            return condition((T)content, key) ? (T)content : null;
        foreach (var item in items)
        {
            if (condition(item, key))
                return item;
        }

        return null;
    }

    private static int PageOf(int hash, int pages) => (hash >>> PageBits) & (pages - 1);

    private static int SlotOf(int hash) => hash & (PageSize - 1);

    /// <summary>Changes a map without touching the one that it started from. Not safe for use by several threads.</summary>
    internal sealed class Builder(PagedMap<T> start, Func<T, int> hashOf)
    {
        private object?[][] _pages = [.. start._pages];
        private HashSet<int> _owned = [];
        private int _count = start.Count;

        /// <inheritdoc cref="PagedMap{T}.Find{TKey}(int, TKey, Func{T, TKey, bool})"/>
        public T? Find<TKey>(int hash, TKey key, Func<T, TKey, bool> condition) => PagedMap<T>.Find(_pages, hash, key, condition);

        /// <summary>Makes room for this many items at once; adding them one by one would hash them again at each growth.</summary>
        public void Reserve(int count)
        {
            if (count > _pages.Length * PageSize)
                Resize((int)BitOperations.RoundUpToPowerOf2((uint)((count + PageSize - 1) / PageSize)));
        }

        public void Add(T item)
        {
            if (_count >= _pages.Length * PageSize)
                Resize(_pages.Length * 4);
            Put(item);
            _count++;
        }

        public void Remove(T item)
        {
            ref var content = ref Own(hashOf(item));
            if (ReferenceEquals(content, item))
                content = null;
            else if (content is T[] items && Array.IndexOf(items, item) is var index and >= 0)
                content = items.Length == 2 ? items[1 - index] : (T[])[.. items[..index], .. items[(index + 1)..]];
            else
                throw new InvalidOperationException($"{item} is not in the map");
            _count--;
        }

        public PagedMap<T> Build() => new(_pages, _count);

        private void Put(T item)
        {
            ref var content = ref Own(hashOf(item));
            content = content switch
            {
                null => item,
                T[] items => (T[])[.. items, item],
                _ => new[] { (T)content, item },
            };
        }

        private ref object? Own(int hash)
        {
            var page = PageOf(hash, _pages.Length);
            if (_owned.Add(page))
                _pages[page] = [.. _pages[page]];
            return ref _pages[page][SlotOf(hash)];
        }

        private void Resize(int pages)
        {
            var items = Build().ToArray();
            _pages = new object?[pages][];
            for (var page = 0; page < _pages.Length; page++)
                _pages[page] = new object?[PageSize];
            _owned = [.. Enumerable.Range(0, _pages.Length)];
            foreach (var item in items)
                Put(item);
        }
    }
}
