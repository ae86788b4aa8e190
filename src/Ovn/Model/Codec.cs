using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>How a property's type is kept in a column.</summary>
internal abstract class Codec<T>
{
    /// <summary>What a server that lacks the column, or a row that was inserted without it, means: RFC 7047 section 5.2.1.</summary>
    public abstract T Absent { get; }

    public abstract Value Encode(T value);

    public abstract T Decode(Value value);

    /// <summary>Whether a column holds <paramref name="value"/>; asked for each column of each row, so it allocates nothing.</summary>
    public abstract bool Matches(T value, Value column);

    public abstract bool IsAbsent(T value);
}
