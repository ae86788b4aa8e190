namespace Sluice.Ovsdb;

/// <summary>The rows of a table by the key of an <see cref="IndexSpec"/>. Immutable.</summary>
internal sealed class RowIndex
{
    private readonly PagedMap<object> _entries;

    private RowIndex(IndexSpec spec, PagedMap<object> entries)
    {
        Spec = spec;
        _entries = entries;
    }

    public IndexSpec Spec { get; }

    public static RowIndex Empty(IndexSpec spec) => new(spec, PagedMap<object>.Empty);

    /// <summary>The rows with this key, in no particular order.</summary>
    public IReadOnlyList<Row> Lookup(string key) => Entry(key) switch
    {
        null => [],
        Row row => [row],
        var group => ((Group)group).List,
    };

    /// <summary>The number of rows with this key, however many they are, at the cost of one lookup.</summary>
    public int Count(string key) => Entry(key) switch
    {
        null => 0,
        Row => 1,
        var group => ((Group)group).Rows.Count,
    };

    /// <summary>The index after some rows came, changed or went.</summary>
    public RowIndex With(ReadOnlySpan<RowChange> changes)
    {
        var builder = new Builder(this);
        foreach (var change in changes)
        {
            if (change.Old is not null && Spec.Key(change.Old) is { } oldKey)
                builder.Remove(oldKey, change.Old);
            if (change.New is not null && Spec.Key(change.New) is { } newKey)
                builder.Add(newKey, change.New);
        }

        return new(Spec, builder.Build());
    }

    private object? Entry(string key) => _entries.Find(Hash(key), (Spec, key), HasKey);

    private static bool HasKey(object entry, (IndexSpec Spec, string Key) wanted) =>
        string.Equals(KeyOf(wanted.Spec, entry), wanted.Key, StringComparison.Ordinal);

    private static string KeyOf(IndexSpec spec, object entry) => entry is Group group ? group.Key : spec.Key((Row)entry)!;

    private static int Hash(string key) => string.GetHashCode(key);

    /// <summary>What stands in the index for a key that several rows have; a row with a key of its own stands there itself.</summary>
    private sealed class Group(string key, PagedMap<Row> rows)
    {
        private Row[]? _list;

        public string Key { get; } = key;

        public PagedMap<Row> Rows { get; } = rows;

        public Row[] List => _list ??= [.. Rows];
    }

    private sealed class Builder(RowIndex start)
    {
        private readonly PagedMap<object>.Builder _entries = new(start._entries, entry => Hash(KeyOf(start.Spec, entry)));

        /// <summary>The groups that change; they are not among the entries until the end.</summary>
        private readonly Dictionary<string, PagedMap<Row>.Builder> _open = new(StringComparer.Ordinal);

        public void Add(string key, Row row)
        {
            if (Open(key, out var single) is { } group)
            {
                group.Add(row);
            }
            else if (single is null)
            {
                _entries.Add(row);
            }
            else
            {
                _entries.Remove(single);
                group = OpenNew(key, PagedMap<Row>.Empty);
                group.Add(single);
                group.Add(row);
            }
        }

        public void Remove(string key, Row row)
        {
            if (Open(key, out _) is { } group)
                group.Remove(row);
            else
                _entries.Remove(row);
        }

        public PagedMap<object> Build()
        {
            foreach (var (key, group) in _open)
            {
                var rows = group.Build();
                if (rows.Count > 1)
                    _entries.Add(new Group(key, rows));
                else if (rows.Count == 1)
                    _entries.Add(rows.Single());
            }

            return _entries.Build();
        }

        /// <summary>The group of a key, ready for changes; else the only row that has the key, if there is one.</summary>
        private PagedMap<Row>.Builder? Open(string key, out Row? single)
        {
            single = null;
            if (_open.TryGetValue(key, out var open))
                return open;
            var entry = _entries.Find(Hash(key), (start.Spec, key), HasKey);
            single = entry as Row;
            if (entry is not Group group)
                return null;
            _entries.Remove(group);
            return OpenNew(key, group.Rows);
        }

        private PagedMap<Row>.Builder OpenNew(string key, PagedMap<Row> rows) =>
            _open[key] = new(rows, static row => row.Uuid.GetHashCode());
    }
}
