using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>What the steps of one comparison share.</summary>
internal sealed record DiffContext(OwnerKey Owner, NorthboundSnapshot Nb, RowMatches Matches, RefResolver Refs, DiffReport Report)
{
    /// <summary>The set that the attachment names, as it is; null while there is none that stays.</summary>
    public Value? SetOf(Attachment attachment) =>
        Refs.Resolve(attachment.ParentTable, attachment.Parent).Kept is { } parent
        && Nb.Binding[attachment.ParentTable].Set(attachment.Column) is { Exists: true } set
            ? set.In(parent)
            : null;

    public bool IsAttached(Attachment attachment, Row child) => SetOf(attachment)?.Contains(Atom.Of(child.Uuid)) == true;

    /// <summary>Whether a reference can be written: what it refers to exists or will exist.</summary>
    public bool IsAvailable(RowTarget target) => target.Existing is not null || target.Planned is { Held: not true };
}
