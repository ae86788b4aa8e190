using System.Diagnostics;
using Sluice.Ovn;
using Sluice.Ovsdb;
using Sluice.Plan.Vpcs;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P1 and P4 on one router with 10,000 floating IPs: from objects to committed rows against the same rows as bytes in batches of
/// 100, and then what one changed rule costs when everything else is in place.
/// </summary>
internal sealed class NatCommit : IScenario
{
    private const int Rows = 10_000;
    private static readonly OwnerKey Owner = new("Vpc", BigRouter.Name);

    public IReadOnlyList<string> Ids => ["P1", "P4"];

    public string Title => $"{Rows:N0} NAT rows on one router: plan + diff + commit; one change among them";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var ours = new List<double>();
        var floor = new List<double>();
        var plans = new List<double>();
        var diffs = new List<double>();
        var unchanged = new List<double>();
        var allocated = new List<double>();
        for (var round = 0; round < run.Rounds; round++)
        {
            floor.Add(Rows / await FloorAsync(cancellationToken));

            await using var server = await OvsdbServer.StartAsync(cancellationToken);
            await using var client = await ConnectAsync(server, cancellationToken);
            await CreateSwitchesAsync(client, cancellationToken);
            var input = BigRouter.Input(Rows);
            var memory = new VpcPlanMemory();
            ours.Add(Rows / await Measure.SecondsAsync(() => CommitAsync(client, input, memory, cancellationToken)));

            unchanged.Add(Milliseconds(() => Operations(client, input, memory)));
            for (var change = 0; change < 20; change++)
            {
                input = BigRouter.WithOneChanged(input, change * 100);
                var before = GC.GetAllocatedBytesForCurrentThread();
                IReadOnlyList<DesiredRow> rows = [];
                plans.Add(Milliseconds(() => rows = VpcPlan.For(input, memory).Rows));
                Changes? changes = null;
                diffs.Add(Milliseconds(() => changes = RowDiff.Between(Owner, rows, Snapshot(client))));
                allocated.Add((GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0);
                if (changes is not { Updated: 1, Inserted: 0, Deleted: 0 })
                    throw new InvalidOperationException($"One change of a rule should be one changed row, but is {changes}");
                await client.TransactAsync(changes.Operations, cancellationToken);
            }
        }

        run.Add(new Figure("P1", $"{Rows:N0} NAT rows from objects to commit", Measure.Median(ours), Measure.Median(floor), "raw batches of 100", "rows/s", 0.5, AtLeast: true));
        run.Add(new Figure("P4", $"one change among {Rows:N0}: plan + diff", Measure.Median(plans.Zip(diffs, (plan, diff) => plan + diff)), null, "", "ms", 5));
        run.Add(new Figure("P4", "  of which the plan", Measure.Median(plans), null, "", "ms", null));
        run.Add(new Figure("P4", "  of which the diff", Measure.Median(diffs), null, "", "ms", null));
        run.Add(new Figure("P4", "  memory allocated by both", Measure.Median(allocated), null, "", "kB", null));
        run.Add(new Figure("P4", "nothing changed: plan + diff", Measure.Median(unchanged), null, "", "ms", 5));
    }

    private static async Task<double> FloorAsync(CancellationToken cancellationToken)
    {
        await using var server = await OvsdbServer.StartAsync(cancellationToken);
        await using var observer = await ConnectAsync(server, cancellationToken);
        using var raw = new RawOvsdb(server.Socket);
        await raw.CallAsync(RawRows.CreateRouter(), cancellationToken);
        var batches = RawRows.NatBatches(Rows, 100);
        return await Measure.SecondsAsync(() => raw.PipelineAsync(batches, 4, cancellationToken));
    }

    private static async Task<OvsdbClient> ConnectAsync(OvsdbServer server, CancellationToken cancellationToken)
    {
        var client = new OvsdbClient(new OvsdbOptions
        {
            Endpoints = [Endpoint.Parse(server.Remote)],
            Database = NorthboundModel.Database,
            Monitor = NorthboundModel.Monitor,
            Indexes = NorthboundModel.Indexes,
        });
        await client.StartAsync(cancellationToken);
        return client;
    }

    private static Task CreateSwitchesAsync(OvsdbClient client, CancellationToken cancellationToken) => client.TransactAsync(
        [.. new[] { "s", "external" }.Select(name => new Insert("Logical_Switch", [new("name", Value.Of(name))]))],
        cancellationToken);

    private static async Task CommitAsync(OvsdbClient client, VpcInput input, VpcPlanMemory memory, CancellationToken cancellationToken)
    {
        var changes = RowDiff.Between(Owner, VpcPlan.For(input, memory).Rows, Snapshot(client));
        await client.TransactAsync(changes.Operations, cancellationToken);
        if (client.Replica.Current["NAT"].Count != Rows)
            throw new InvalidOperationException($"{client.Replica.Current["NAT"].Count} of {Rows} NAT rows were written");
    }

    private static void Operations(OvsdbClient client, VpcInput input, VpcPlanMemory memory)
    {
        var changes = RowDiff.Between(Owner, VpcPlan.For(input, memory).Rows, Snapshot(client));
        if (!changes.IsEmpty)
            throw new InvalidOperationException($"Nothing changed, but there are {changes.Operations.Length} operations");
    }

    private static NorthboundSnapshot Snapshot(OvsdbClient client) => NorthboundSnapshot.Of(client.Replica.Current);

    private static double Milliseconds(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
