namespace Sluice.Ovn.Model;

/// <summary>A column of a table that we model. What may be done with it is its type.</summary>
internal abstract class ColumnModel(string name)
{
    /// <summary>As in the schema.</summary>
    public string Name { get; } = name;
}
