namespace Sluice.Ovn.Model;

/// <summary>A column of references to rows of <paramref name="refTable"/>, which a plan names and the database knows by UUID.</summary>
/// <param name="weak">Whether the row that is referred to may be deleted all the same: RFC 7047 section 3.2, "refType".</param>
internal sealed class RefColumn(string name, string refTable, bool weak, Func<OvnRow, RefSet> get) : ColumnModel(name)
{
    public string RefTable { get; } = refTable;

    public bool Weak { get; } = weak;

    /// <summary>What the plan wants the column to refer to.</summary>
    public RefSet Get(OvnRow row) => get(row);
}
