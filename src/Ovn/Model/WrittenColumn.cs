using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>A column whose whole value is a plan's.</summary>
internal abstract class WrittenColumn(string name) : ColumnModel(name)
{
    /// <summary>Whether the plan asks for nothing but what a row without the column means.</summary>
    public abstract bool IsAbsent(OvnRow row);

    /// <summary>Whether the database has what the plan wants.</summary>
    public abstract bool Matches(OvnRow row, Value column);

    public abstract Value Encode(OvnRow row);
}
