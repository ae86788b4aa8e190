using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

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

    [Fact]
    public async Task BFD_and_ECMP_come_and_go_with_the_Vpcs_word_and_with_the_gateway_nodes()
    {
        await using var world = await World.StartAsync(server);
        await ConnectAsync(world, nodes: 3);
        await ShouldLeaveOverAsync(world, []);

        await world.CreateAsync(SluiceResources.OvnEips, NodeEip("pc-node-1"));
        await PlugAsync(world, 1);
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => Ready(vpc.Status) == "Programmed");
        await EnableBfdAsync(world, true);
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => Ready(vpc.Status) == "TooFewGateways");
        await ShouldLeaveOverAsync(world, []);

        await world.CreateAsync(SluiceResources.OvnEips, NodeEip("pc-node-2"));
        await PlugAsync(world, 2);
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2"]);
        await world.CreateAsync(SluiceResources.OvnEips, NodeEip("pc-node-3"));
        await PlugAsync(world, 3);
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2", "pc-node-3"]);
        var vpc = await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status?.BfdSessions?.Count == 4);
        Ready(vpc.Status).ShouldBe("Programmed");
        vpc.Status!.EnableBfd.ShouldBe(true);

        await SetReadyAsync(world, 2, false);
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-3"]);
        await SetReadyAsync(world, 2, true);
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2", "pc-node-3"]);

        await LabelAsync(world, 3, "false");
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2"]);
        await world.DeleteAsync(SluiceResources.OvnEips, "pc-node-1");
        await ShouldLeaveOverAsync(world, []);
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => Ready(vpc.Status) == "TooFewGateways");

        await EnableBfdAsync(world, false);
        await Eventually.HoldsAsync(() => !world.Northbound.Current.All<Bfd>().Any());
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status is { EnableBfd: false, BfdSessions: null });
    }

    [Fact]
    public async Task A_session_of_the_chassis_that_lost_the_port_goes_and_comes_back_as_a_new_one()
    {
        await using var world = await World.StartAsync(server);
        await ConnectAsync(world, nodes: 3);
        await EnableBfdAsync(world, true);
        for (var node = 1; node <= 3; node++)
        {
            await world.CreateAsync(SluiceResources.OvnEips, NodeEip($"pc-node-{node}"));
            await PlugAsync(world, node);
        }
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2", "pc-node-3"]);

        string[] chassis = [.. Priorities(world).OrderByDescending(row => row.Value).Select(row => row.Key)];
        await world.MoveGatewayAsync("vpc1-external204", chassis[0]);
        var vpc = await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status?.Gateways is { Count: 1 });
        vpc.Status!.Gateways.ShouldBe(
            [new() { Subnet = "external204", Port = "vpc1-external204", Chassis = chassis[0], Node = Node(chassis[0]) }]);
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2", "pc-node-3"]);
        var before = Session(world, Node(chassis[0]));
        await world.Controller.SettleAsync();
        world.Controller.Metrics.ShouldContain($"sluice_gateway_active{{vpc=\"vpc1\",subnet=\"external204\",node=\"{Node(chassis[0])}\"}} 1");
        world.Controller.Metrics.ShouldContain("sluice_bfd_session_up{vpc=\"vpc1\",port=\"vpc1-external204\",peer=\"10.5.204.254\"} 0");

        // The port moves, and ovn-northd has taken all sessions back from the old chassis but one.
        var slow = await world.KeepSessionAsync("vpc1-external204", AddressOf(world, Node(chassis[0])));
        await world.MoveGatewayAsync("vpc1-external204", chassis[1]);
        await ShouldLeaveOverAsync(world, [Node(chassis[1]), Node(chassis[2])]);
        await world.SbctlAsync("destroy", "BFD", slow);
        await ShouldLeaveOverAsync(world, ["pc-node-1", "pc-node-2", "pc-node-3"]);
        Session(world, Node(chassis[0])).ShouldNotBe(before, "a new row starts down");
    }

    [Fact]
    public async Task Gateway_nodes_have_their_addresses_by_themselves_where_that_is_wanted()
    {
        await using var world = await World.StartAsync(server, new() { ExternalGatewaySwitch = "external204", GatewayNodeEips = true });
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(SluiceResources.OvnEips, NodeEip("pc-node-2"));
        await world.CreateAsync(CoreResources.Nodes, GatewayNode(1));
        await world.CreateAsync(CoreResources.Nodes, GatewayNode(2));
        var made = await world.EventuallyAsync(SluiceResources.OvnEips, "pc-node-1", eip => !string.IsNullOrEmpty(eip.Status?.V4Ip));
        made.Spec.ShouldBe(NodeEip("").Spec);

        await world.DeleteAsync(SluiceResources.OvnEips, "pc-node-1");
        await world.EventuallyAsync(SluiceResources.OvnEips, "pc-node-1", eip => eip.Metadata.Uid != made.Metadata.Uid);

        await LabelAsync(world, 1, "false");
        await LabelAsync(world, 2, "false");
        await world.EventuallyGoneAsync(SluiceResources.OvnEips, "pc-node-1");
        (await world.Kube.FindAsync(SluiceResources.OvnEips, null, "pc-node-2")).ShouldNotBeNull("a person made it");
    }

    [Fact]
    public async Task A_gateway_node_that_comes_or_goes_moves_nobody_elses_port()
    {
        await using var world = await World.StartAsync(server);
        await ConnectAsync(world, nodes: 3);
        await Eventually.HoldsAsync(() => Priorities(world).Count == 3);
        string[] chassis = [.. Priorities(world).OrderByDescending(row => row.Value).Select(row => row.Key)];
        await world.MoveGatewayAsync("vpc1-external204", chassis[0]);
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status?.Gateways is { Count: 1 });

        // A standby goes by its label, and another one by losing its node.
        await LabelAsync(world, Number(chassis[2]), "false");
        await ShouldBeOnAsync(world, (chassis[0], 100), (chassis[1], 99));
        await LabelAsync(world, Number(chassis[2]), "true");
        await ShouldBeOnAsync(world, (chassis[0], 100), (chassis[1], 99), (chassis[2], 98));
        var uuids = Uuids(world);
        await world.DeleteAsync(CoreResources.Nodes, Node(chassis[1]));
        await ShouldBeOnAsync(world, (chassis[0], 100), (chassis[2], 99));
        Uuids(world).ShouldBe(uuids.Where(row => row.Key != chassis[1]), ignoreOrder: true);

        // The active one is not ready: it keeps the port as long as it carries it, and what it has lost it gets back from nobody.
        await SetReadyAsync(world, Number(chassis[0]), false);
        await world.Controller.SettleAsync();
        await ShouldBeOnAsync(world, (chassis[0], 100), (chassis[2], 99));
        await world.MoveGatewayAsync("vpc1-external204", chassis[2]);
        await ShouldBeOnAsync(world, (chassis[2], 100), (chassis[0], 99));
        await SetReadyAsync(world, Number(chassis[0]), true);
        await world.Controller.SettleAsync();
        await ShouldBeOnAsync(world, (chassis[2], 100), (chassis[0], 99));

        // Its chassis got another name.
        await world.Kube.PatchAsync(CoreResources.Nodes, null, Node(chassis[2]), Annotation(Names.Annotations.Chassis, "chassis-9"));
        await Eventually.HoldsAsync(() => Priorities(world).Keys.Order().SequenceEqual(new[] { chassis[0], "chassis-9" }.Order()));
    }

    private static async Task ConnectAsync(World world, int nodes)
    {
        await world.CreateExternalNetworkAsync();
        for (var node = 1; node <= nodes; node++) await world.CreateAsync(CoreResources.Nodes, GatewayNode(node));
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1" }, Spec = new() { EnableExternal = true } });
        await world.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new() { Name = "inner" },
            Spec = new() { CidrBlock = "192.168.0.0/24", Vpc = "vpc1", EnableEcmp = true },
        });
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status is { EnableExternal: true, Subnets.Count: 1 });
    }

    private static async Task PlugAsync(World world, int node)
    {
        await Eventually.HoldsAsync(() => world.Port($"pc-node-{node}") is not null);
        await world.NbctlAsync("set", "Logical_Switch_Port", $"pc-node-{node}", "up=true");
    }

    private static Task EnableBfdAsync(World world, bool enable) => world.Kube.PatchAsync(
        SluiceResources.Vpcs, null, "vpc1", Patch.Merge(new() { ["spec"] = new JsonObject { ["enableBfd"] = enable } }));

    private static Task LabelAsync(World world, int node, string value) => world.Kube.PatchAsync(
        CoreResources.Nodes, null, $"pc-node-{node}",
        Patch.Merge(new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [Names.Labels.ExternalGateway] = value } } }));

    private static Patch Annotation(string key, string value) =>
        Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } });

    private static Task SetReadyAsync(World world, int node, bool ready) => world.Kube.PatchAsync(
        CoreResources.Nodes, null, $"pc-node-{node}",
        Patch.Merge(new()
        {
            ["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "Unknown" }),
            },
        }),
        subresource: "status");

    /// <summary>Waits until traffic of the subnet leaves over the ports of these nodes, each watched by a session, or over the default route alone.</summary>
    private static async Task ShouldLeaveOverAsync(World world, IReadOnlyCollection<string> nodes)
    {
        await Eventually.HoldsAsync(
            () => Task.FromResult(NextHops(world).Order().SequenceEqual(nodes.Order())), () => string.Join(' ', NextHops(world)));
        world.Northbound.Current.All<LogicalRouterStaticRoute>().Select(route => route.Row).ShouldContain(
            route => route.IpPrefix == "0.0.0.0/0" && route.Nexthop == "10.5.204.254" && route.Bfd == null);
    }

    private static IEnumerable<string> NextHops(World world)
    {
        var nb = world.Northbound.Current;
        return from route in nb.All<LogicalRouterStaticRoute>()
               where route.Row.Policy == "src-ip" && route.Row.IpPrefix == "192.168.0.0/24"
               let session = route.Row.Bfd is RowRef.ByUuid(var uuid) ? nb.Find<Bfd>(uuid)?.Row : null
               where session?.DstIp == route.Row.Nexthop && session.LogicalPort == "vpc1-external204"
               from port in nb.All<LogicalSwitchPort>()
               where port.Row.Addresses.Any(address => address.EndsWith(" " + route.Row.Nexthop, StringComparison.Ordinal))
               select port.Row.Name;
    }

    /// <summary>The row of the session to a node's port.</summary>
    private static Guid Session(World world, string node)
    {
        var address = AddressOf(world, node);
        return world.Northbound.Current.All<Bfd>().Single(row => row.Row.DstIp == address).Uuid;
    }

    private static string AddressOf(World world, string node) => world.Port(node)!.Addresses.Single().Split(' ')[1];

    private static Dictionary<string, long> Priorities(World world) =>
        world.Northbound.Current.All<GatewayChassis>().ToDictionary(row => row.Row.ChassisName, row => row.Row.Priority);

    private static Dictionary<string, Guid> Uuids(World world) =>
        world.Northbound.Current.All<GatewayChassis>().ToDictionary(row => row.Row.ChassisName, row => row.Uuid);

    private static Task ShouldBeOnAsync(World world, params (string Chassis, long Priority)[] expected) => Eventually.HoldsAsync(
        () => Task.FromResult(Priorities(world).OrderBy(row => row.Key).SequenceEqual(
            expected.OrderBy(row => row.Chassis).Select(row => KeyValuePair.Create(row.Chassis, row.Priority)))),
        () => string.Join(' ', Priorities(world)));

    private static int Number(string chassis) => chassis[^1] - '0';

    private static string Node(string chassis) => $"pc-node-{Number(chassis)}";

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
