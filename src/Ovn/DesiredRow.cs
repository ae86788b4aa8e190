using System.Collections.Immutable;

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
    public bool Equals(DesiredRow? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Id == other.Id && Row.Equals(other.Row) && Attachments.AsSpan().SequenceEqual(other.Attachments.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Id, Row);
}
