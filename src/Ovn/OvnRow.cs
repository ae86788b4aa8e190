using Sluice.Ovn.Model;

namespace Sluice.Ovn;

/// <summary>A row as a plan wants it, or as the database has it. One generated record per table.</summary>
public abstract record OvnRow
{
    /// <summary>
    /// What other systems and we ourselves say about the row. A plan leaves the ids of <see cref="OwnerIds"/> out: they are added when the
    /// row is written, and keys that others put into the column are kept.
    /// </summary>
    public StringMap ExternalIds { get; init; } = StringMap.Empty;

    /// <summary>The table that the record models.</summary>
    internal abstract TableModel Table { get; }
}
