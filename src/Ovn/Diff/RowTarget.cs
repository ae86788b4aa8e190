using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>What a <see cref="RowRef"/> refers to.</summary>
/// <param name="Planned">A row of the plan that is not simply in place.</param>
/// <param name="Existing">The row in the database; null when it is to be inserted.</param>
internal readonly record struct RowTarget(PlannedRow? Planned, Row? Existing)
{
    public bool IsFound => Planned is not null || Existing is not null;

    /// <summary>The row exists and stays the row that it is.</summary>
    public Row? Kept => Planned is { Replaced: true } ? null : Existing;

    public Atom Reference => Planned?.Reference ?? Atom.Of(Existing!.Uuid);
}
