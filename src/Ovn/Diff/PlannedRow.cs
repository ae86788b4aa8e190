using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>A desired row that is not simply in place, and what is found out about it.</summary>
internal sealed class PlannedRow(DesiredRow desired, BoundTable table)
{
    private Atom? _named;

    public DesiredRow Desired { get; } = desired;

    public BoundTable Table { get; } = table;

    /// <summary>The database row that this is; null when there is none yet.</summary>
    public Row? Existing { get; set; }

    /// <summary><see cref="Existing"/> was written by an earlier system.</summary>
    public bool Adopted { get; set; }

    /// <summary>A column differs that the server does not let us change, so that the row is written anew.</summary>
    public bool Replaced { get; set; }

    /// <summary>Nothing is done about the row; null until that has been found out.</summary>
    public bool? Held { get; set; }

    /// <summary>A membership was added or removed.</summary>
    public bool Moved { get; set; }

    /// <summary>The members of the sets of a row that is inserted, by column.</summary>
    public SortedDictionary<string, List<Atom>> Members { get; } = new(StringComparer.Ordinal);

    public bool IsInserted => Existing is null || Replaced;

    /// <summary>How operations of this transaction refer to the row.</summary>
    public Atom Reference => IsInserted ? _named ??= Atom.Named(NamedUuid.For(Desired.Id)) : Atom.Of(Existing!.Uuid);
}
