using FsCheck.Fluent;
using Sluice.Ovn.Tests.Diff;
using Sluice.Ovn.Tests.Support;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Server;

/// <summary>The laws of <see cref="RowDiffLaws"/> hold at a real server, and the database that they are checked with behaves like it.</summary>
public sealed class RandomPlansTests
{
    [Fact]
    public async Task A_real_server_ends_where_the_database_in_memory_does()
    {
        await using var server = await OvsdbServer.StartNewAsync();
        await using var nb = await server.ConnectAsync();
        var memory = MemoryDatabase.Empty();

        foreach (var plan in RowDiffLaws.Plan().Generator.Sample(60))
        {
            await nb.CarryOutAsync(Vpc1, plan.Rows);
            memory = memory.Apply(RowDiff.Between(Vpc1, [.. plan.Rows.Select(row => row with { })], memory.Snapshot()).Operations);

            Dump.Of(nb.Current.Replica.Tables.SelectMany(table => table.Rows)).ShouldBe(memory.Dump());
        }
    }
}
