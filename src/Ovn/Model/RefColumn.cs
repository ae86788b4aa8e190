namespace Sluice.Ovn.Model;

/// <summary>A column of references to rows of <paramref name="refTable"/>, which a plan names and the database knows by UUID.</summary>
internal sealed class RefColumn(string name, string refTable, Func<OvnRow, RefSet> get) : ColumnModel(name)
{
    public string RefTable { get; } = refTable;

    /// <summary>What the plan wants the column to refer to.</summary>
    public RefSet Get(OvnRow row) => get(row);
}
