using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Sluice.Ovn;

/// <summary>
/// The value of a column that holds a set of strings. Immutable, sorted ordinally, without duplicates, equal when the members are.
/// </summary>
[CollectionBuilder(typeof(StringSet), nameof(Create))]
public sealed class StringSet : IReadOnlyList<string>, IEquatable<StringSet>
{
    private readonly ImmutableArray<string> _members;

    private StringSet(ImmutableArray<string> members) => _members = members;

    public static StringSet Empty { get; } = new([]);

    public static StringSet Of(params IEnumerable<string> members)
    {
        var sorted = members.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        return sorted.IsEmpty ? Empty : new(sorted);
    }

    /// <summary>Supports collection expressions.</summary>
    public static StringSet Create(ReadOnlySpan<string> members) => members.Length switch
    {
        0 => Empty,
        1 => new([members[0]]),
        _ => Of(members.ToArray()),
    };

    public int Count => _members.Length;

    public string this[int index] => _members[index];

    public bool Contains(string member) => _members.BinarySearch(member, StringComparer.Ordinal) >= 0;

    public bool Equals(StringSet? other) =>
        other is not null && (ReferenceEquals(this, other) || _members.AsSpan().SequenceEqual(other._members.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as StringSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var member in _members)
            hash.Add(member, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _members)}]";

    public IEnumerator<string> GetEnumerator() => _members.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
