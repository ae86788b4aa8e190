using System.Collections;

namespace Sluice.Ovsdb;

/// <summary>
/// An immutable hash multimap of rows, made for replicas: a lookup costs one hash and two array reads, a row costs 8 bytes beside
/// itself, and a batch of changes copies only the pages that it touches.
/// </summary>
/// <remarks>
/// Buckets stand in pages of 64. A bucket is null, a <see cref="Row"/>, or an array of rows. Keys are not stored: they are computed
/// again from the few rows of a bucket. <see cref="System.Collections.Immutable.ImmutableDictionary{TKey, TValue}"/> would take 70 bytes
/// and a walk of 17 nodes per row at 100,000 rows.
/// </remarks>
internal sealed class RowMap : IEnumerable<Row>
{
    private const int PageBits = 6;
    private const int PageSize = 1 << PageBits;

    private readonly object?[][] _pages;

    private RowMap(object?[][] pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    public static RowMap Empty { get; } = new([new object?[PageSize]], 0);

    public int Count { get; }

    /// <summary>The rows whose key hashes as <paramref name="hash"/> does; the caller compares the keys.</summary>
    public ReadOnlySpan<Row> Bucket(int hash, ref Row? single)
    {
        var bucket = _pages[PageOf(hash, _pages.Length)][SlotOf(hash)];
        switch (bucket)
        {
            case null:
                return [];
            case Row row:
                single = row;
                return new ReadOnlySpan<Row>(ref single!);
            default:
                return (Row[])bucket;
        }
    }

    public IEnumerator<Row> GetEnumerator()
    {
        foreach (var page in _pages)
        {
            foreach (var bucket in page)
            {
                if (bucket is Row row)
                {
                    yield return row;
                }
                else if (bucket is Row[] rows)
                {
                    foreach (var member in rows)
                        yield return member;
                }
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int PageOf(int hash, int pages) => (hash >>> PageBits) & (pages - 1);

    private static int SlotOf(int hash) => hash & (PageSize - 1);

    /// <summary>Changes a map without touching the one that it started from. Not safe for use by several threads.</summary>
    internal sealed class Builder(RowMap start, Func<Row, int> hashOf)
    {
        private object?[][] _pages = [.. start._pages];
        private HashSet<int> _owned = [];
        private int _count = start.Count;

        public void Add(Row row)
        {
            if (_count >= _pages.Length * PageSize)
                Grow();
            Put(row, hashOf(row));
            _count++;
        }

        public void Remove(Row row)
        {
            var hash = hashOf(row);
            ref var bucket = ref Own(hash)[SlotOf(hash)];
            switch (bucket)
            {
                case Row single when ReferenceEquals(single, row):
                    bucket = null;
                    break;
                case Row[] rows when Array.IndexOf(rows, row) is var index and >= 0:
                    bucket = rows.Length == 2 ? rows[1 - index] : (Row[])[.. rows[..index], .. rows[(index + 1)..]];
                    break;
                default:
                    throw new InvalidOperationException($"{row} is not in the map");
            }

            _count--;
        }

        public RowMap Build() => new(_pages, _count);

        private void Put(Row row, int hash)
        {
            ref var bucket = ref Own(hash)[SlotOf(hash)];
            bucket = bucket switch
            {
                null => row,
                Row single => new[] { single, row },
                _ => (Row[])[.. (Row[])bucket, row],
            };
        }

        private object?[] Own(int hash)
        {
            var index = PageOf(hash, _pages.Length);
            if (_owned.Add(index))
                _pages[index] = [.. _pages[index]];
            return _pages[index];
        }

        private void Grow()
        {
            var rows = new RowMap(_pages, _count).ToArray();
            _pages = new object?[_pages.Length * 4][];
            for (var index = 0; index < _pages.Length; index++)
                _pages[index] = new object?[PageSize];
            _owned = [.. Enumerable.Range(0, _pages.Length)];
            foreach (var row in rows)
                Put(row, hashOf(row));
        }
    }
}
