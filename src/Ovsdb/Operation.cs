namespace Sluice.Ovsdb;

/// <summary>
/// One step of a transaction (RFC 7047 section 5.2). An operation is a value; only <see cref="OvsdbClient"/> acts.
/// </summary>
public abstract record Operation;

/// <summary>Inserts a row (5.2.1).</summary>
/// <param name="Table">Table name.</param>
/// <param name="Row">Columns and values; the rest take their defaults.</param>
/// <param name="UuidName">A name by which other operations of the transaction refer to the row, see <see cref="Atom.Named"/>.</param>
public sealed record Insert(string Table, IReadOnlyList<KeyValuePair<string, Value>> Row, string? UuidName = null) : Operation;

/// <summary>Reads rows (5.2.2).</summary>
/// <param name="Columns">The columns to return; all when null. Rows that are equal in them are returned once.</param>
public sealed record Select(string Table, IReadOnlyList<Condition> Where, IReadOnlyList<string>? Columns = null) : Operation;

/// <summary>Sets columns of the rows that satisfy all conditions (5.2.3).</summary>
public sealed record Update(string Table, IReadOnlyList<Condition> Where, IReadOnlyList<KeyValuePair<string, Value>> Row) : Operation;

/// <summary>Changes columns in place (5.2.4).</summary>
public sealed record Mutate(string Table, IReadOnlyList<Condition> Where, IReadOnlyList<Mutation> Mutations) : Operation;

/// <summary>Deletes rows (5.2.5).</summary>
public sealed record Delete(string Table, IReadOnlyList<Condition> Where) : Operation;

/// <summary>Fails the transaction unless rows are, or become within the timeout, as given (5.2.6).</summary>
/// <param name="Timeout">How long to wait; <see cref="TimeSpan.Zero"/> turns the operation into a guard.</param>
/// <param name="Columns">The columns that are compared.</param>
/// <param name="Equal">Whether the rows should be equal or unequal.</param>
/// <param name="Rows">The rows expected.</param>
public sealed record Wait(
    string Table,
    IReadOnlyList<Condition> Where,
    IReadOnlyList<string> Columns,
    bool Equal,
    IReadOnlyList<IReadOnlyList<KeyValuePair<string, Value>>> Rows,
    TimeSpan Timeout) : Operation;

/// <summary>Commits, to stable storage if <paramref name="Durable"/> (5.2.7).</summary>
public sealed record Commit(bool Durable) : Operation;

/// <summary>Fails the transaction on purpose (5.2.8).</summary>
public sealed record Abort : Operation;

/// <summary>A remark that the server keeps in its log (5.2.9).</summary>
public sealed record Comment(string Text) : Operation;

/// <summary>Fails the transaction unless this client owns the lock (5.2.10).</summary>
public sealed record Assert(string Lock) : Operation;

/// <summary>A condition on a column (5.1, <c>&lt;condition&gt;</c>).</summary>
public readonly record struct Condition(string Column, ConditionFunction Function, Value Value)
{
    /// <summary>The row with this UUID.</summary>
    public static Condition Uuid(Guid uuid) => new("_uuid", ConditionFunction.Equal, Value.Of(uuid));

    public static Condition Equal(string column, Value value) => new(column, ConditionFunction.Equal, value);
}

/// <summary>RFC 7047 section 5.1, <c>&lt;function&gt;</c>.</summary>
public enum ConditionFunction
{
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
    Includes,
    Excludes,
}

/// <summary>A change of a column in place (5.1, <c>&lt;mutation&gt;</c>).</summary>
public readonly record struct Mutation(string Column, Mutator Mutator, Value Value);

/// <summary>RFC 7047 section 5.1, <c>&lt;mutator&gt;</c>.</summary>
public enum Mutator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,

    /// <summary>Adds members to a set, or pairs to a map (keys that exist keep their value).</summary>
    Insert,

    /// <summary>Removes members of a set, pairs of a map, or, given a set, keys of a map.</summary>
    Delete,
}
