using Sluice.Lab.Demo;
using Sluice.Lab.Nodes;
using Sluice.Lab.Tests.Rules;
using Sluice.Lab.Tests.Traffic;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Gateways;

/// <summary>Gateway nodes come, go and die under traffic: a packet every 10 ms on each kind of rule.</summary>
[Collection(FormsLabCollection.Name)]
public sealed class GatewayTests(FormsLab fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Port = "one-external204";

    // BFD between chassis misses three packets that are a second apart; the rest is for a loaded machine.
    private const int DetectionLimit = 500;

    private readonly LabCluster _lab = fixture.Lab;

    /// <summary>A SNAT for all, a centralised FIP of one pod, and a DNAT to the same.</summary>
    public async Task InitializeAsync()
    {
        await fixture.BringGatewayHomeAsync();
        await fixture.ApplyReadyAsync(
            Manifests.Eip("snat", "externalSubnet: external204") + Manifests.Of("OvnSnatRule", "snat", "ovnEip: snat, vpcSubnet: net1")
            + Manifests.Eip("dnat", "externalSubnet: external204")
            + Manifests.Of("OvnDnatRule", "dnat", $"""ovnEip: dnat, ipName: web.one, protocol: udp, externalPort: "53", internalPort: "{Outside.Port}" """)
            + Manifests.Eip("central", "externalSubnet: external204") + Manifests.Of("OvnFip", "central", "ovnEip: central, ipName: web.one, type: centralized")
            + Manifests.Eip("spread", "externalSubnet: external204") + Manifests.Of("OvnFip", "spread", "ovnEip: spread, ipName: db.one, type: distributed"));
    }

    public async Task DisposeAsync()
    {
        await fixture.ClearAsync();
        await fixture.BringGatewayHomeAsync();
    }

    [Fact]
    public async Task Standby_gateways_come_and_go_without_a_packet_lost()
    {
        var active = await fixture.GatewayOfAsync(Port);
        var standby = _lab.Nodes.Select(node => node.Name).Last(node => node != active);
        await using var streams = await StreamsAsync();

        await LabelAsync(standby, "false");
        await ChassisAreAsync([.. _lab.Nodes.Select(node => node.Name).Where(node => node != standby)]);
        await streams.AnswersAsync(50);
        await LabelAsync(standby, "true");
        await ChassisAreAsync([.. _lab.Nodes.Select(node => node.Name)]);
        await streams.AnswersAsync(50);

        (await fixture.GatewayOfAsync(Port)).ShouldBe(active);
        foreach (var (name, loss) in await StopAsync(streams, "standby gateway removed and added"))
            loss.Lost.ShouldBe(0, name);
    }

    [Fact]
    public async Task The_active_gateway_is_relabelled_and_another_takes_over()
    {
        var active = await fixture.GatewayOfAsync(Port);
        await using var streams = await StreamsAsync();
        try
        {
            await LabelAsync(active, "false");
            await ChassisAreAsync([.. _lab.Nodes.Select(node => node.Name).Where(node => node != active)]);
            await MovesFromAsync(active);
            await streams.AnswersAsync(50);
        }
        finally
        {
            await LabelAsync(active, "true");
        }
        await ChassisAreAsync([.. _lab.Nodes.Select(node => node.Name)]);
        await streams.AnswersAsync(50);

        (await fixture.GatewayOfAsync(Port)).ShouldNotBe(active);
        var losses = await StopAsync(streams, "active gateway relabelled");
        losses[Streams.Distributed].Lost.ShouldBe(0);
        losses.Values.ShouldAllBe(loss => loss.Lost < DetectionLimit);
    }

    /// <summary>Whoever comes back is a standby: the port stays where it went.</summary>
    [Fact]
    public async Task The_active_gateway_dies_and_comes_back()
    {
        var active = await fixture.GatewayOfAsync(Port);
        var node = _lab.Node(active);
        IReadOnlyDictionary<string, Loss> over, back;
        try
        {
            await using (var streams = await StreamsAsync())
            {
                await Task.WhenAll(node.OvnController.KillAsync(), node.Ovs.Switch.KillAsync());
                await MovesFromAsync(active);
                await streams.AnswersAsync(100);
                over = await StopAsync(streams, "active gateway killed");
            }
            await using (var streams = await StreamsAsync())
            {
                var standIn = await fixture.GatewayOfAsync(Port);
                await StartAsync(node);
                await streams.AnswersAsync(500);
                (await fixture.GatewayOfAsync(Port)).ShouldBe(standIn);
                back = await StopAsync(streams, "dead gateway started again");
            }
        }
        finally
        {
            await StartAsync(node);
        }

        over[Streams.Distributed].Lost.ShouldBe(0);
        back[Streams.Distributed].Lost.ShouldBe(0);
        foreach (var name in over.Keys)
        {
            over[name].Lost.ShouldBeLessThan(DetectionLimit, name);
            back[name].Lost.ShouldBeLessThanOrEqualTo(over[name].Lost, name);
        }
    }

    private async Task<Streams> StreamsAsync() => await Streams.StartAsync(
        _lab, await fixture.EipAsync("central"), await fixture.EipAsync("dnat"), await fixture.EipAsync("spread"));

    private async Task<IReadOnlyDictionary<string, Loss>> StopAsync(Streams streams, string what)
    {
        var losses = await streams.StopAsync();
        foreach (var (name, loss) in losses)
            output.WriteLine($"figure: {what}: {name}: {loss}");
        return losses;
    }

    private Task LabelAsync(string node, string value) => _lab.Kubectl("label", "--overwrite", "node", node, $"{FormsLab.GatewayLabel}={value}").RunAsync();

    private Task MovesFromAsync(string node) =>
        Eventually.HoldsAsync(async () => await fixture.GatewayOfAsync(Port) != node, () => $"{Port} stays on {node}");

    private static Task StartAsync(LabNode node) => Task.WhenAll(node.Ovs.Switch.StartAsync(), node.OvnController.StartAsync());

    /// <summary>The port's chassis are those of the nodes, in the order of a priority each.</summary>
    private async Task ChassisAreAsync(string[] nodes)
    {
        var names = await Task.WhenAll(nodes.Select(async node => (await _lab.Sbctl("--bare", "--columns=name", "find", "Chassis", $"hostname={node}").RunAsync()).Trim()));
        var rows = Array.Empty<string>();
        await Eventually.HoldsAsync(async () =>
        {
            rows = [.. (await _lab.Nbctl("lrp-get-gateway-chassis", Port).RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
            return rows.Select(row => row.Split(' ')[0][(Port.Length + 1)..]).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal));
        }, () => $"the chassis of {Port} are {string.Join(' ', rows)} and not those of {string.Join(' ', nodes)}");
        rows.Select(row => row.Split(' ')[^1]).ShouldBeUnique();
    }
}
