using System.Collections;
using System.Collections.Immutable;

namespace Sluice.Ovn;

/// <summary>The value of a column that maps strings to strings. Immutable, sorted by key (ordinally), equal when the pairs are.</summary>
public sealed class StringMap : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<StringMap>
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _pairs;

    private StringMap(ImmutableArray<KeyValuePair<string, string>> pairs) => _pairs = pairs;

    public static StringMap Empty { get; } = new([]);

    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public static StringMap Of(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var builder = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(pairs.Length);
        foreach (var (key, value) in pairs)
            builder.Add(new(key, value));
        return FromBuilder(builder);
    }

    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public static StringMap From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var builder = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        builder.AddRange(pairs);
        return FromBuilder(builder);
    }

    public int Count => _pairs.Length;

    public KeyValuePair<string, string> this[int index] => _pairs[index];

    /// <summary>The value under <paramref name="key"/>, or null.</summary>
    public string? this[string key] => IndexOf(key) is >= 0 and var index ? _pairs[index].Value : null;

    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <summary>This map with <paramref name="key"/> set to <paramref name="value"/>.</summary>
    public StringMap With(string key, string value)
    {
        var index = IndexOf(key);
        return index >= 0
            ? string.Equals(_pairs[index].Value, value, StringComparison.Ordinal) ? this : new(_pairs.SetItem(index, new(key, value)))
            : new(_pairs.Insert(~index, new(key, value)));
    }

    /// <summary>This map without <paramref name="key"/>.</summary>
    public StringMap Without(string key) => IndexOf(key) is >= 0 and var index ? new(_pairs.RemoveAt(index)) : this;

    public bool Equals(StringMap? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || other.Count != Count)
            return false;
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (!string.Equals(_pairs[i].Key, other._pairs[i].Key, StringComparison.Ordinal)
                || !string.Equals(_pairs[i].Value, other._pairs[i].Value, StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as StringMap);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in _pairs)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => $"{{{string.Join(", ", _pairs.Select(pair => $"{pair.Key}={pair.Value}"))}}}";

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static StringMap FromBuilder(ImmutableArray<KeyValuePair<string, string>>.Builder builder)
    {
        if (builder.Count == 0)
            return Empty;
        builder.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        for (var i = 1; i < builder.Count; i++)
        {
            if (string.Equals(builder[i - 1].Key, builder[i].Key, StringComparison.Ordinal))
                throw new ArgumentException($"Key \"{builder[i].Key}\" occurs twice.", nameof(builder));
        }
        return new(builder.DrainToImmutable());
    }

    /// <summary>The place of <paramref name="key"/>, or the complement of where it would be inserted.</summary>
    private int IndexOf(string key)
    {
        var (low, high) = (0, _pairs.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(_pairs[middle].Key, key);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}
