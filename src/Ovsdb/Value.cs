namespace Sluice.Ovsdb;

/// <summary>
/// The immutable value of a column (RFC 7047 section 5.1, <c>&lt;value&gt;</c>): a set of atoms, in which a scalar is a set of one and
/// an absent optional is the empty set, or a map. Members are kept sorted, so equality is structural and does not depend on order.
/// </summary>
public sealed class Value : IEquatable<Value>
{
    // Nearly all values are single atoms. One is kept in place, so that a replica of a million values needs no million arrays.
    private readonly Atom _single;
    private readonly Atom[]? _keys;
    private readonly Atom[]? _mapValues;

    private Value(Atom single) => _single = single;

    private Value(Atom[] keys, Atom[]? mapValues)
    {
        _keys = keys;
        _mapValues = mapValues;
    }

    public static Value EmptySet { get; } = new([], null);

    public static Value EmptyMap { get; } = new([], []);

    public bool IsMap => _mapValues is not null;

    /// <summary>Number of set members or map pairs.</summary>
    public int Count => _keys?.Length ?? 1;

    public bool IsEmpty => Count == 0;

    /// <summary>The members of a set, or the keys of a map, in order.</summary>
    public ReadOnlySpan<Atom> Keys => _keys ?? new ReadOnlySpan<Atom>(in _single);

    /// <summary>The values of a map, in the order of <see cref="Keys"/>; empty for a set.</summary>
    public ReadOnlySpan<Atom> MapValues => _mapValues;

    public static Value Of(Atom atom) => new(atom);

    public static Value Of(string value) => Of(Atom.Of(value));

    public static Value Of(long value) => Of(Atom.Of(value));

    public static Value Of(double value) => Of(Atom.Of(value));

    public static Value Of(bool value) => Of(Atom.Of(value));

    public static Value Of(Guid value) => Of(Atom.Of(value));

    /// <summary>A set; duplicates count once.</summary>
    public static Value Set(IEnumerable<Atom> members)
    {
        Atom[] atoms = [.. members];
        if (atoms.Length == 0)
            return EmptySet;
        if (atoms.Length == 1)
            return Of(atoms[0]);
        Array.Sort(atoms);
        return OfSorted(Distinct(atoms));
    }

    public static Value Set(IEnumerable<string> members) => Set(members.Select(Atom.Of));

    /// <summary>A map. Of several pairs with one key the last counts.</summary>
    public static Value Map(IEnumerable<KeyValuePair<Atom, Atom>> pairs)
    {
        var sorted = new SortedDictionary<Atom, Atom>();
        foreach (var (key, value) in pairs)
            sorted[key] = value;
        return sorted.Count == 0 ? EmptyMap : new([.. sorted.Keys], [.. sorted.Values]);
    }

    public static Value Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        Map(pairs.Select(pair => KeyValuePair.Create(Atom.Of(pair.Key), Atom.Of(pair.Value))));

    /// <summary>Whether the set has this member, or the map this key.</summary>
    public bool Contains(Atom atom) => Keys.BinarySearch(atom) >= 0;

    /// <summary>Whether every member of another set is one of this. Sets are sorted, so one walk through both does.</summary>
    public bool IsSupersetOf(Value other)
    {
        var members = Keys;
        var i = 0;
        foreach (var member in other.Keys)
        {
            while (i < members.Length && members[i] != member) i++;
            if (i++ == members.Length) return false;
        }
        return true;
    }

    /// <summary>Looks a map's key up.</summary>
    public bool TryGet(Atom key, out Atom value)
    {
        var index = _mapValues is null ? -1 : Keys.BinarySearch(key);
        value = index >= 0 ? _mapValues![index] : default;
        return index >= 0;
    }

    /// <summary>The value of a string key in a map of strings, or null.</summary>
    public string? Get(string key) => TryGet(Atom.Of(key), out var value) ? value.AsString : null;

    /// <summary>The only member of a set of one string.</summary>
    /// <exception cref="InvalidOperationException">The value is not a single string.</exception>
    public string AsString() => Single().AsString;

    /// <summary>The only member of a set of one string; null for the empty set.</summary>
    public string? AsStringOrNull() => IsEmpty ? null : AsString();

    /// <inheritdoc cref="AsString"/>
    public long AsLong() => Single().AsLong;

    /// <inheritdoc cref="AsString"/>
    public bool AsBool() => Single().AsBool;

    /// <inheritdoc cref="AsString"/>
    public Guid AsGuid() => Single().AsGuid;

    public bool Equals(Value? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && IsMap == other.IsMap
            && Keys.SequenceEqual(other.Keys)
            && MapValues.SequenceEqual(other.MapValues));

    public override bool Equals(object? obj) => Equals(obj as Value);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var key in Keys)
            hash.Add(key);
        foreach (var value in MapValues)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public override string ToString()
    {
        var keys = Keys.ToArray();
        if (IsMap)
            return "{" + string.Join(", ", keys.Select((key, index) => $"{key}={_mapValues![index]}")) + "}";
        return keys.Length == 1 ? keys[0].ToString() : "[" + string.Join(", ", keys) + "]";
    }

    /// <summary>A set of distinct atoms that are in order already; the array is not copied.</summary>
    internal static Value OfSorted(Atom[] members) => members.Length switch
    {
        0 => EmptySet,
        1 => Of(members[0]),
        _ => new(members, null),
    };

    /// <summary>A map whose keys are distinct and in order already; the arrays are not copied.</summary>
    internal static Value OfSorted(Atom[] keys, Atom[] mapValues) => keys.Length == 0 ? EmptyMap : new(keys, mapValues);

    /// <summary>
    /// Applies the difference that an update carries for a column with more than one member: of a set, the members that come or
    /// go; of a map, the pairs that come, go or have another value (ovsdb-server(7), "Update2 Notification").
    /// </summary>
    internal Value Apply(Value difference)
    {
        if (!IsMap)
            return OfSorted(SymmetricDifference(Keys, difference.Keys));

        var pairs = new SortedDictionary<Atom, Atom>();
        for (var index = 0; index < Count; index++)
            pairs[Keys[index]] = MapValues[index];
        for (var index = 0; index < difference.Count; index++)
        {
            var (key, value) = (difference.Keys[index], difference.MapValues[index]);
            if (pairs.TryGetValue(key, out var old) && old == value)
                pairs.Remove(key);
            else
                pairs[key] = value;
        }

        return OfSorted([.. pairs.Keys], [.. pairs.Values]);
    }

    /// <summary>The members of either set that are not in both. Sets are sorted, so one walk through both does.</summary>
    private static Atom[] SymmetricDifference(ReadOnlySpan<Atom> left, ReadOnlySpan<Atom> right)
    {
        var members = new Atom[left.Length + right.Length];
        var count = 0;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var order = left[0].CompareTo(right[0]);
            if (order < 0)
                members[count++] = left[0];
            else if (order > 0)
                members[count++] = right[0];
            left = order <= 0 ? left[1..] : left;
            right = order >= 0 ? right[1..] : right;
        }

        left.CopyTo(members.AsSpan(count));
        count += left.Length;
        right.CopyTo(members.AsSpan(count));
        count += right.Length;
        return count == members.Length ? members : members[..count];
    }

    private Atom Single() =>
        Count == 1 && !IsMap ? Keys[0] : throw new InvalidOperationException($"Not a single atom: {this}");

    private static Atom[] Distinct(Atom[] sorted)
    {
        var kept = 1;
        for (var index = 1; index < sorted.Length; index++)
        {
            if (sorted[index] != sorted[kept - 1])
                sorted[kept++] = sorted[index];
        }

        return kept == sorted.Length ? sorted : sorted[..kept];
    }
}
