namespace Sluice.Ovn.Tests.Support;

internal static class NorthboundDatabaseExtensions
{
    /// <summary>What a reconciler does: compares, commits, and, as it must be, finds nothing left to do.</summary>
    public static async Task<Changes> CarryOutAsync(this NorthboundDatabase database, OwnerKey owner, params DesiredRow[] rows)
    {
        var changes = RowDiff.Between(owner, rows, database.Current);
        await database.CommitAsync(owner, changes, TestContext.Timeout());
        RowDiff.Between(owner, rows, database.Current).Operations.ShouldBeEmpty();
        RowDiff.Between(owner, [.. rows.Select(row => row with { })], database.Current).Operations.ShouldBeEmpty();
        return changes;
    }
}
