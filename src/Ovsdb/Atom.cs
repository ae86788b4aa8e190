using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.Ovsdb;

/// <summary>
/// An atomic value (RFC 7047 section 5.1, <c>&lt;atom&gt;</c>). Atoms have a total order, kind first, so that sets and maps can be
/// kept sorted.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Atom : IEquatable<Atom>, IComparable<Atom>
{
    // Replicas hold millions of atoms, so the kind does not take a field of its own: the tag of a string atom is the string itself.
    private readonly object _tag;
    private readonly long _low;
    private readonly long _high;

    private Atom(object tag, long low = 0, long high = 0)
    {
        _tag = tag;
        _low = low;
        _high = high;
    }

    public AtomKind Kind => _tag is string ? AtomKind.String : ((Tag)_tag).Kind;

    /// <exception cref="InvalidOperationException">The atom is of another kind.</exception>
    public string AsString => (string)Expect(AtomKind.String)._tag;

    /// <inheritdoc cref="AsString"/>
    public long AsLong => Expect(AtomKind.Integer)._low;

    /// <inheritdoc cref="AsString"/>
    public double AsDouble => BitConverter.Int64BitsToDouble(Expect(AtomKind.Real)._low);

    /// <inheritdoc cref="AsString"/>
    public bool AsBool => Expect(AtomKind.Boolean)._low != 0;

    /// <inheritdoc cref="AsString"/>
    public Guid AsGuid
    {
        get
        {
            Span<long> halves = [Expect(AtomKind.Uuid)._low, _high];
            return MemoryMarshal.Read<Guid>(MemoryMarshal.AsBytes(halves));
        }
    }

    /// <summary>The name of a row inserted by the same transaction.</summary>
    /// <exception cref="InvalidOperationException">The atom is of another kind.</exception>
    public string AsName => ((Tag)Expect(AtomKind.NamedUuid)._tag).Name;

    public static Atom Of(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    public static Atom Of(long value) => new(Tag.Integer, value);

    public static Atom Of(double value) => new(Tag.Real, BitConverter.DoubleToInt64Bits(value));

    public static Atom Of(bool value) => new(Tag.Boolean, value ? 1 : 0);

    public static Atom Of(Guid value)
    {
        Span<long> halves = stackalloc long[2];
        MemoryMarshal.Write(MemoryMarshal.AsBytes(halves), value);
        return new(Tag.Uuid, halves[0], halves[1]);
    }

    /// <summary>Refers to the row that an <see cref="Insert"/> of the same transaction named.</summary>
    public static Atom Named(string name) => new(new Tag(AtomKind.NamedUuid, name ?? throw new ArgumentNullException(nameof(name))));

    public static bool operator ==(Atom left, Atom right) => left.Equals(right);

    public static bool operator !=(Atom left, Atom right) => !left.Equals(right);

    public bool Equals(Atom other) => _low == other._low && _high == other._high && SameTag(_tag, other._tag);

    public override bool Equals(object? obj) => obj is Atom other && Equals(other);

    public override int GetHashCode() => _tag is string text ? string.GetHashCode(text) : HashCode.Combine(_tag, _low, _high);

    public int CompareTo(Atom other)
    {
        if (_tag is string left && other._tag is string right)
            return string.CompareOrdinal(left, right);
        if (Kind != other.Kind)
            return Kind.CompareTo(other.Kind);
        if (Kind == AtomKind.NamedUuid)
            return string.CompareOrdinal(AsName, other.AsName);
        if (Kind == AtomKind.Real)
            return AsDouble.CompareTo(other.AsDouble);
        var low = _low.CompareTo(other._low);
        return low != 0 ? low : _high.CompareTo(other._high);
    }

    public override string ToString() => Kind switch
    {
        AtomKind.Integer => _low.ToString(CultureInfo.InvariantCulture),
        AtomKind.Real => AsDouble.ToString("R", CultureInfo.InvariantCulture),
        AtomKind.Boolean => _low != 0 ? "true" : "false",
        AtomKind.Uuid => AsGuid.ToString(),
        AtomKind.NamedUuid => "@" + AsName,
        _ => AsString,
    };

    private static bool SameTag(object left, object right) =>
        ReferenceEquals(left, right)
        || (left is string text ? string.Equals(text, right as string, StringComparison.Ordinal) : left.Equals(right));

    private Atom Expect(AtomKind kind) =>
        Kind == kind ? this : throw new InvalidOperationException($"The atom is of kind {Kind}, not {kind}");

    private sealed record Tag(AtomKind Kind, string Name = "")
    {
        public static readonly Tag Integer = new(AtomKind.Integer);
        public static readonly Tag Real = new(AtomKind.Real);
        public static readonly Tag Boolean = new(AtomKind.Boolean);
        public static readonly Tag Uuid = new(AtomKind.Uuid);
    }
}
