using Sluice.Ovn.Tests.Support;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>Shorthands of tests about the plan of <c>vpc1</c>.</summary>
public abstract class DiffTest
{
    internal static Changes Diff(DesiredRow[] desired, MemoryDatabase database) => RowDiff.Between(Vpc1, desired, database.Snapshot());

    /// <summary>A database with these rows and no others.</summary>
    internal static MemoryDatabase With(params DesiredRow[] rows) =>
        MemoryDatabase.Empty().Apply(Diff(rows, MemoryDatabase.Empty()).Operations);

    /// <summary>The database after the plan was carried out; carrying it out again changes nothing.</summary>
    internal static MemoryDatabase Repaired(DesiredRow[] desired, MemoryDatabase database)
    {
        var after = database.Apply(Diff(desired, database).Operations);
        Diff(desired, after).IsEmpty.ShouldBeTrue();
        return after;
    }
}
