using Sluice.Lab.Network;
using Sluice.Lab.Nodes;
using Sluice.Lab.Tests.Rules;
using Sluice.Lab.Tests.Traffic;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Gateways;

/// <summary>
/// Traffic that is spread over gateway nodes, each watched by BFD: many flows, a packet every 10 ms on each, while one of the nodes dies.
/// </summary>
[Collection(FormsLabCollection.Name)]
public sealed class NextHopTests(FormsLab fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Flows = 9;
    private const int DetectionLimit = 500;

    private readonly LabCluster _lab = fixture.Lab;

    public async Task InitializeAsync()
    {
        await fixture.BringGatewayHomeAsync();
        await fixture.ApplyReadyAsync(
            Manifests.Eip("snat", "externalSubnet: external204") + Manifests.Of("OvnSnatRule", "snat", "ovnEip: snat, vpcSubnet: net1")
            + string.Concat(_lab.Nodes.Select(node => Manifests.Of("OvnEip", node.Name, "externalSubnet: external204, type: lsp"))));
        await PatchAsync("subnet/net1", """{"spec":{"enableEcmp":true}}""");
        await PatchAsync("vpc/one", """{"spec":{"enableBfd":true}}""");
        await SessionsAreUpAsync();
    }

    public async Task DisposeAsync()
    {
        await PatchAsync("vpc/one", """{"spec":{"enableBfd":false}}""");
        await PatchAsync("subnet/net1", """{"spec":{"enableEcmp":false}}""");
        await fixture.ClearAsync();
        await _lab.Kubectl(["delete", "oeip", "--timeout=60s", .. _lab.Nodes.Select(node => node.Name)]).RunAsync();
        (await _lab.Nbctl("list", "BFD").RunAsync()).ShouldBeEmpty();
        await fixture.BringGatewayHomeAsync();
    }

    /// <summary>One that carries flows, if there is one that the pod is not on itself.</summary>
    [Fact]
    public async Task A_next_hop_dies_and_comes_back()
    {
        var others = _lab.Nodes.Where(node => node.Name != fixture.NodeOf(FormsLab.Batch)).ToList();
        var carriers = new List<LabNode>();
        await MeasureAsync("all next hops alive", async flows =>
        {
            foreach (var node in others)
            {
                await using var capture = await PacketCapture.StartAsync(node.GatewayNamespace, "ovnext0", $"udp port {Outside.Port}");
                await Task.WhenAll(flows.Select(flow => flow.AnswersAsync(20)));
                if ((await capture.StopAsync()).Count > 0)
                    carriers.Add(node);
            }
        });
        output.WriteLine($"figure: next hops that carry flows: {(carriers.Count == 0 ? "that of the pod's own node alone" : string.Join(", ", carriers.Select(node => node.Name)))}");
        await KillAsync(carriers.Concat(others).First(), "next hop");
    }

    /// <summary>OVN itself would go on using it: whoever takes over has never seen its session up, and never reports it down.</summary>
    [Fact]
    public async Task The_active_gateway_dies_which_is_a_next_hop_as_well() =>
        await KillAsync(_lab.Node(await fixture.GatewayOfAsync("one-external204")), "next hop and active gateway");

    private async Task KillAsync(LabNode node, string what)
    {
        try
        {
            await MeasureAsync($"{what} killed", async flows =>
            {
                await Task.WhenAll(node.OvnController.KillAsync(), node.Ovs.Switch.KillAsync());
                await Task.WhenAll(flows.Select(flow => flow.AnswersAsync(300)));
            });
            await MeasureAsync($"{what} started again", async flows =>
            {
                await StartAsync(node);
                await SessionsAreUpAsync();
                await Task.WhenAll(flows.Select(flow => flow.AnswersAsync(100)));
            });
        }
        finally
        {
            await StartAsync(node);
        }
    }

    private async Task MeasureAsync(string what, Func<IReadOnlyList<DatagramStream>, Task> story)
    {
        var flows = new List<DatagramStream>();
        try
        {
            for (var i = 0; i < Flows; i++)
                flows.Add(await DatagramStream.StartAsync(_lab, FormsLab.Batch, LabAddresses.InternetHost[0].Address, Outside.Port));
            await Task.WhenAll(flows.Select(flow => flow.AnswersAsync(50)));
            await story(flows);

            var losses = await Task.WhenAll(flows.Select(flow => flow.StopAsync()));
            output.WriteLine($"figure: {what}: {string.Join(", ", losses.Select(loss => loss.Lost))} packets lost on {Flows} flows");
            losses.ShouldAllBe(loss => loss.Lost < DetectionLimit);
        }
        finally
        {
            foreach (var flow in flows)
                await flow.DisposeAsync();
        }
    }

    private Task PatchAsync(string item, string patch) => _lab.Kubectl("patch", item, "--type=merge", "-p", patch).RunAsync();

    private static Task StartAsync(LabNode node) => Task.WhenAll(node.Ovs.Switch.StartAsync(), node.OvnController.StartAsync());

    private async Task SessionsAreUpAsync()
    {
        var eips = await Task.WhenAll(_lab.Nodes.Select(node => fixture.JsonPathAsync($"oeip/{node.Name}", "{.status.v4Ip}")));
        var seen = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                seen = await _lab.Nbctl("--bare", "--columns=dst_ip", "find", "BFD", "status=up").RunAsync();
                return eips.All(eip => seen.Contains(eip, StringComparison.Ordinal));
            },
            () => $"sessions to {string.Join(", ", eips)} are not all up, but those to {seen}");
    }
}
