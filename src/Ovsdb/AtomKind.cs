namespace Sluice.Ovsdb;

/// <summary>The atomic types of RFC 7047 section 3.2, and the reference to a row inserted by the same transaction (5.1).</summary>
public enum AtomKind : byte
{
    Integer,
    Real,
    Boolean,
    String,
    Uuid,

    /// <summary>A name given by <see cref="Insert.UuidName"/>; only ever sent, never received.</summary>
    NamedUuid,
}
