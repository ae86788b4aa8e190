using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>
/// A row that should exist. A plan that hands in the instance of its last run again makes comparing it with an unchanged database row a
/// comparison of references.
/// </summary>
/// <param name="Id">Who owns the row and what it is to its owner.</param>
/// <param name="Row">The content.</param>
/// <param name="Attachments">The sets that the row belongs to; a row of a table that is no root needs one to exist at all.</param>
public sealed record DesiredRow(RowId Id, OvnRow Row, ImmutableArray<Attachment> Attachments)
{
    private DesiredRow(DesiredRow original) => (Id, Row, Attachments) = (original.Id, original.Row, original.Attachments);

    /// <summary>
    /// The database row whose own columns were last found to be as desired: database rows are immutable, so that the same instance need
    /// not be compared again. No part of the value: neither compared nor copied.
    /// </summary>
    internal Row? Settled { get; private set; }

    /// <summary>A set that <see cref="Settled"/> was found to be a member of.</summary>
    internal Value? SettledIn { get; set; }

    /// <summary>Whether <see cref="Settled"/> refers to rows, which may come and go while it stays the same.</summary>
    internal bool SettledWithReferences { get; private set; }

    internal void Settle(Row row, bool withReferences)
    {
        SettledIn = null;
        SettledWithReferences = withReferences;
        Settled = row;
    }

    public bool Equals(DesiredRow? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Id == other.Id && Row.Equals(other.Row) && Attachments.AsSpan().SequenceEqual(other.Attachments.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Id, Row);
}
