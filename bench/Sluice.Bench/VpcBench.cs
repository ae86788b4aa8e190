using Sluice.Ovn;
using Sluice.Ovsdb;
using Sluice.Plan.Vpcs;

namespace Sluice.Bench;

/// <summary>A VPC with floating IPs as the controller keeps it: the objects, what is remembered of the last plan, and the database.</summary>
internal sealed class VpcBench : IAsyncDisposable
{
    public static readonly OwnerKey Owner = new("Vpc", BigRouter.Name);

    private readonly VpcPlanMemory _memory = new();

    private VpcBench(OvsdbServer server, NorthboundDatabase nb, VpcInput input) => (Server, Nb, Input) = (server, nb, input);

    public OvsdbServer Server { get; }

    public NorthboundDatabase Nb { get; }

    /// <summary>The objects as they are now.</summary>
    public VpcInput Input { get; set; }

    /// <summary>Starts a server and writes the router with this many floating IPs.</summary>
    public static async Task<VpcBench> StartAsync(int fips, CancellationToken cancellationToken)
    {
        var server = await OvsdbServer.StartAsync(cancellationToken);
        var nb = new NorthboundDatabase(new() { Endpoints = [Endpoint.Parse(server.Remote)], InactivityProbe = TimeSpan.FromSeconds(60) });
        await nb.StartAsync(cancellationToken);
        await nb.CommitAsync(
            new("Bench", "switches"),
            [.. new[] { "s", "external" }.Select(name => new Insert("Logical_Switch", [new("name", Value.Of(name))]))],
            cancellationToken);

        var bench = new VpcBench(server, nb, BigRouter.Input(0));
        await bench.CommitAsync(cancellationToken);
        bench.Input = BigRouter.Input(fips);
        await bench.CommitAsync(cancellationToken);
        return bench;
    }

    public IReadOnlyList<DesiredRow> Plan() => VpcPlan.For(Input, _memory).Rows;

    public Changes Diff(IReadOnlyList<DesiredRow> rows) => RowDiff.Between(Owner, rows, Nb.Current);

    /// <summary>What the controller does for a key: plans, compares and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        var changes = Diff(Plan());
        if (!changes.IsEmpty)
            await Nb.CommitAsync(Owner, changes, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Nb.DisposeAsync();
        await Server.DisposeAsync();
    }
}
