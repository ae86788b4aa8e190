using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Sluice.Ovn;

/// <summary>The value of a column that holds a set of references. Immutable, without duplicates, equal when the members are.</summary>
[CollectionBuilder(typeof(RefSet), nameof(Create))]
public sealed class RefSet : IReadOnlyList<RowRef>, IEquatable<RefSet>
{
    private readonly ImmutableArray<RowRef> _members;

    private RefSet(ImmutableArray<RowRef> members) => _members = members;

    public static RefSet Empty { get; } = new([]);

    public static RefSet Of(params IEnumerable<RowRef> members)
    {
        var distinct = members.Distinct().OrderBy(member => member.ToString(), StringComparer.Ordinal).ToImmutableArray();
        return distinct.IsEmpty ? Empty : new(distinct);
    }

    /// <summary>The set of one reference or, for null, of none.</summary>
    public static RefSet OfOptional(RowRef? member) => member is null ? Empty : new([member]);

    /// <summary>Supports collection expressions.</summary>
    public static RefSet Create(ReadOnlySpan<RowRef> members) => Of(members.ToArray());

    public int Count => _members.Length;

    public RowRef this[int index] => _members[index];

    public bool Equals(RefSet? other) =>
        other is not null && (ReferenceEquals(this, other) || _members.AsSpan().SequenceEqual(other._members.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as RefSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var member in _members)
            hash.Add(member);
        return hash.ToHashCode();
    }

    public override string ToString() => $"{{{string.Join(", ", _members)}}}";

    public IEnumerator<RowRef> GetEnumerator() => _members.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
