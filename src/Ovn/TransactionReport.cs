namespace Sluice.Ovn;

/// <summary>One transaction of the writer.</summary>
/// <param name="Result"><see cref="Committed"/>, <see cref="Refused"/> or <see cref="Failed"/>.</param>
/// <param name="Plans">Plans in it.</param>
/// <param name="Operations">Operations in it, not counting those that every transaction starts with.</param>
/// <param name="Duration">The time between sending it and its reply.</param>
public readonly record struct TransactionReport(string Result, int Plans, int Operations, TimeSpan Duration)
{
    public const string Committed = "committed";

    /// <summary>By the server, because of its content.</summary>
    public const string Refused = "refused";

    /// <summary>For reasons that have nothing to do with its content; it may have been committed.</summary>
    public const string Failed = "failed";
}
