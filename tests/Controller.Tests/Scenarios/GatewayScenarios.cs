using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>Gateway nodes: their ports, who is active, and what happens when they come and go.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class GatewayScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task A_gateway_nodes_address_is_ready_while_OVN_says_that_its_port_is_plugged()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(SluiceResources.OvnEips, NodeEip("pc-node-1"));
        var refused = await world.EventuallyAsync(SluiceResources.OvnEips, "pc-node-1", eip => Ready(eip.Status) == "NodeNotFound");
        refused.Status!.Ready.ShouldBe(false);
        world.Port("pc-node-1").ShouldBeNull();
        await Eventually.HoldsAsync(async () => (await world.Kube.ListAsync(CoreResources.Events)).Items
            .Any(e => e is { Reason: "NodeNotFound", InvolvedObject.Name: "pc-node-1" }), () => "no event");

        await world.CreateAsync(CoreResources.Nodes, GatewayNode(1));
        var waiting = await world.EventuallyAsync(SluiceResources.OvnEips, "pc-node-1", eip => Ready(eip.Status) == "WaitingForNode");
        await Eventually.HoldsAsync(() => world.Port("pc-node-1") is not null);
        var port = world.Port("pc-node-1")!;
        port.Addresses.ShouldBe([$"{waiting.Status!.MacAddress} {waiting.Status.V4Ip}"]);
        port.PortSecurity.ShouldBeEmpty();

        await world.NbctlAsync("set", "Logical_Switch_Port", "pc-node-1", "up=true");
        await world.EventuallyAsync(SluiceResources.OvnEips, "pc-node-1", eip => eip.Status?.Ready == true);
        await world.NbctlAsync("set", "Logical_Switch_Port", "pc-node-1", "up=false");
        await world.EventuallyAsync(SluiceResources.OvnEips, "pc-node-1", eip => Ready(eip.Status) == "WaitingForNode");

        await world.DeleteAsync(CoreResources.Nodes, "pc-node-1");
        await Eventually.HoldsAsync(() => world.Port("pc-node-1") is null);
    }

    private static OvnEip NodeEip(string node) => new()
    {
        Metadata = new() { Name = node },
        Spec = new() { ExternalSubnet = "external204", Type = EipTypes.Lsp },
    };

    private static Node GatewayNode(int number) => new()
    {
        Metadata = new()
        {
            Name = $"pc-node-{number}",
            Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
            Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = $"chassis-{number}" },
        },
    };

    private static string? Ready(ResourceStatus? status) => status?.Conditions.Find(ConditionTypes.Ready)?.Reason;
}
