namespace Sluice.Ovn;

/// <summary>How a plan, which knows no row UUIDs, names a row.</summary>
public abstract record RowRef
{
    private RowRef()
    {
    }

    /// <summary>A row of this plan, or of another owner's, by its identity.</summary>
    public static RowRef To(RowId id) => new Owned(id);

    /// <summary>Whoever's row of <paramref name="table"/> has this value in its <c>name</c> column.</summary>
    public static RowRef Named(string table, string name) => new ByName(table, name);

    /// <summary>A row that is known to exist.</summary>
    public static RowRef Of(Guid uuid) => new ByUuid(uuid);

    /// <summary>See <see cref="To"/>.</summary>
    public sealed record Owned(RowId Id) : RowRef
    {
        public override string ToString() => Id.ToString();
    }

    /// <summary>See <see cref="Named"/>.</summary>
    public sealed record ByName(string Table, string Name) : RowRef
    {
        public override string ToString() => $"{Table} \"{Name}\"";
    }

    /// <summary>See <see cref="Of"/>.</summary>
    public sealed record ByUuid(Guid Uuid) : RowRef
    {
        public override string ToString() => Uuid.ToString();
    }
}
