using System.Collections.Concurrent;
using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Server;

/// <summary>Against a real ovsdb-server.</summary>
public sealed class NorthboundDatabaseTests : IAsyncLifetime
{
    private static readonly DesiredRow[] Plan =
    [
        Row("group", new HaChassisGroup { Name = "bfd@vpc1" }),
        Row("group/node1", new HaChassis { ChassisName = "node1", Priority = 100 }, To("HA_Chassis_Group", "group", "ha_chassis")),
        Router(),
        Port("vpc1-external204", "10.5.204.105/24", "fd00:5:204::105/64"),
        Row(
            "lrp/bfd@vpc1",
            new LogicalRouterPort { Name = "bfd@vpc1", Networks = ["10.1.0.1/24"], HaChassisGroup = RowRef.To(new(Vpc1, "group")) },
            To("Logical_Router", "router", "ports")),
        Chassis("vpc1-external204", "node1", 100),
        Chassis("vpc1-external204", "node2", 99),
        Row("ls", new LogicalSwitch { Name = "external204" }),
        Row(
            "lsp/external204-vpc1",
            new LogicalSwitchPort
            {
                Name = "external204-vpc1",
                Type = "router",
                Addresses = ["router"],
                Options = StringMap.Of(("router-port", "vpc1-external204")),
            },
            new Attachment("Logical_Switch", RowRef.Named("Logical_Switch", "external204"), "ports")),
        Row("bfd", new Bfd { LogicalPort = "vpc1-external204", DstIp = "10.5.204.109", MinTx = 100, MinRx = 100, DetectMult = 3 }),
        Row(
            "route",
            new LogicalRouterStaticRoute
            {
                IpPrefix = "192.168.0.0/24",
                Nexthop = "10.5.204.109",
                Policy = LogicalRouterStaticRoute.PolicyValue.SrcIp,
                Bfd = RowRef.To(new(Vpc1, "bfd")),
                Options = StringMap.Of(("ecmp_symmetric_reply", "true")),
            },
            To("Logical_Router", "router", "static_routes")),
        Row(
            "policy",
            new LogicalRouterPolicy { Priority = 29250, Match = "ip4.src == 10.16.0.2", Action = "reroute", Nexthops = ["10.5.204.254"] },
            To("Logical_Router", "router", "policies")),
        Nat("eip1", "10.5.204.101", "192.168.0.2"),
        Row(
            "nat/v6",
            Fip("fd00:5:204::101", "fd00:192:168::2") with { GatewayPort = RowRef.To(new(Vpc1, "lrp/vpc1-external204")) },
            InRouter),
        LoadBalancer("eip-dnat", "[fd00:5:204::107]:22", "[fd00:192:168::6]:22"),
        Row("hc", new LoadBalancerHealthCheck { Vip = "10.5.204.107:22" }, To("Load_Balancer", "lb/eip-dnat", "health_check")),
        Row(
            "acl",
            new Acl { Direction = Acl.DirectionValue.ToLport, Priority = 1000, Match = "ip", Action = Acl.ActionValue.Drop, Log = true },
            To("Logical_Switch", "ls", "acls")),
        Row("pg", new PortGroup { Name = "vpc1.all" }),
        Row(
            "lsp/web.ns",
            new LogicalSwitchPort
            {
                Name = "web.ns",
                Addresses = ["0a:00:00:00:00:05 192.168.0.2 fd00::2"],
                Dhcpv4Options = RowRef.To(new(Vpc1, "dhcp")),
                Enabled = true,
                Tag = 204,
            },
            To("Logical_Switch", "ls", "ports"),
            To("Port_Group", "pg", "ports")),
        Row("dhcp", new DhcpOptions { Cidr = "192.168.0.0/24", Options = StringMap.Of(("router", "192.168.0.1")) }),
        Row("as", new AddressSet { Name = "vpc1_all", Addresses = ["192.168.0.0/24"] }),
    ];

    private OvsdbServer _server = null!;
    private NorthboundDatabase _nb = null!;

    public async Task InitializeAsync()
    {
        _server = await OvsdbServer.StartNewAsync();
        _nb = await _server.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _nb.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Rows_of_every_table_come_in_one_transaction_and_read_back()
    {
        var changes = await _nb.CarryOutAsync(Vpc1, Plan);

        changes.Inserted.ShouldBe(Plan.Length);
        _nb.Statistics.Transactions.ShouldBe(1);
        _nb.Current.Owners().ShouldBe([Vpc1]);
        var router = _nb.Current.ByName<LogicalRouter>("vpc1").ShouldNotBeNull();
        router.Id.ShouldBe(new RowId(Vpc1, "router"));
        router.Row.ShouldSatisfyAllConditions(
            row => row.Nat.Count.ShouldBe(2),
            row => row.Ports.Count.ShouldBe(2),
            row => row.LoadBalancer.ShouldBe([RowRef.Of(_nb.Current.ByName<LoadBalancer>("eip-dnat")!.Value.Uuid)]),
            row => row.Options.ShouldBe(StringMap.Of(("dynamic_neigh_routers", "true"))));
        var pod = _nb.Current.ByName<LogicalSwitchPort>("web.ns").ShouldNotBeNull().Row;
        pod.ShouldSatisfyAllConditions(
            row => row.Tag.ShouldBe(204),
            row => row.Enabled.ShouldBe(true),
            row => row.Up.ShouldBeNull(),
            row => row.Addresses.ShouldBe(["0a:00:00:00:00:05 192.168.0.2 fd00::2"]),
            row => row.Dhcpv4Options.ShouldBe(RowRef.Of(_nb.Current.Owned<DhcpOptions>(Vpc1).Single().Uuid)));
    }

    [Fact]
    public async Task An_empty_plan_leaves_an_empty_database()
    {
        await _nb.CarryOutAsync(Vpc1, Plan);

        var changes = await _nb.CarryOutAsync(Vpc1);

        changes.Deleted.ShouldBe(Plan.Length);
        _nb.Current.Owners().ShouldBeEmpty();
        _nb.Current.All<LogicalSwitchPort>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_that_somebody_removed_or_edited_names_its_owner_and_is_repaired()
    {
        await _nb.CarryOutAsync(Vpc1, Plan);
        var notices = new BlockingCollection<IReadOnlySet<OwnerKey>>();
        _nb.OwnedRowsChanged += notices.Add;
        await using var stranger = await _server.ConnectStrangerAsync();
        var router = _nb.Current.ByName<LogicalRouter>("vpc1")!.Value.Uuid;
        var balancer = _nb.Current.ByName<LoadBalancer>("eip-dnat")!.Value.Uuid;
        var port = _nb.Current.ByName<LogicalSwitchPort>("web.ns")!.Value.Uuid;
        Operation[][] edits =
        [
            [new Update("Logical_Router", [Condition.Uuid(router)], [new("nat", Value.EmptySet)])],
            [new Delete("Load_Balancer", [Condition.Uuid(balancer)])],
            [new Update("Logical_Switch_Port", [Condition.Uuid(port)], [new("addresses", Value.EmptySet)])],
            [new Update("Port_Group", [], [new("ports", Value.EmptySet)])],
            [new Update("Logical_Router", [], [new("name", Value.Of("renamed"))])],
        ];

        foreach (var edit in edits)
        {
            await stranger.TransactAsync(edit, TestContext.Timeout());
            notices.Take(TestContext.Timeout()).ShouldBe([Vpc1]);
            (await _nb.CarryOutAsync(Vpc1, Plan)).Operations.ShouldNotBeEmpty();
            notices.Take(TestContext.Timeout()).ShouldBe([Vpc1]);
        }
    }

    [Fact]
    public async Task A_port_taken_out_of_somebody_s_group_names_the_port_s_owner()
    {
        var group = new DesiredRow(new(new("Node", "node1"), "pg"), new PortGroup { Name = "node1" }, []);
        await _nb.CarryOutAsync(group.Id.Owner, group);
        var joined = Plan.Select(row => row.Id.Name != "lsp/web.ns" ? row : row with
        {
            Attachments = [.. row.Attachments, new Attachment("Port_Group", RowRef.Named("Port_Group", "node1"), "ports")],
        }).ToArray();
        await _nb.CarryOutAsync(Vpc1, joined);
        var notices = new BlockingCollection<IReadOnlySet<OwnerKey>>();
        _nb.OwnedRowsChanged += notices.Add;

        await using var stranger = await _server.ConnectStrangerAsync();
        Condition[] where = [Condition.Equal("name", Value.Of("node1"))];
        await stranger.TransactAsync([new Update("Port_Group", where, [new("ports", Value.EmptySet)])], TestContext.Timeout());

        notices.Take(TestContext.Timeout()).ShouldBe([group.Id.Owner, Vpc1], ignoreOrder: true);
        await _nb.CarryOutAsync(Vpc1, joined);
    }

    [Fact]
    public async Task A_missing_parent_is_announced_when_it_comes_and_when_it_goes()
    {
        var parent = RowRef.Named("Logical_Switch", "later");
        var port = Row("lsp/a", new LogicalSwitchPort { Name = "a" }, new Attachment("Logical_Switch", parent, "ports"));
        (await _nb.CarryOutAsync(Vpc1, port)).MissingParents.ShouldBe([parent]);
        var notices = new BlockingCollection<IReadOnlySet<RowRef>>();
        _nb.TargetsChanged += notices.Add;
        await using var stranger = await _server.ConnectStrangerAsync();

        await stranger.TransactAsync([new Insert("Logical_Switch", [new("name", Value.Of("later"))])], TestContext.Timeout());
        notices.Take(TestContext.Timeout()).ShouldBe([parent]);
        (await _nb.CarryOutAsync(Vpc1, port)).Inserted.ShouldBe(1);
        notices.Take(TestContext.Timeout()).ShouldBe([RowRef.To(port.Id), RowRef.Named("Logical_Switch_Port", "a")]);
        await stranger.TransactAsync([new Delete("Logical_Switch", [])], TestContext.Timeout());
        notices.Take(TestContext.Timeout()).ShouldContain(parent);
        (await _nb.CarryOutAsync(Vpc1, port)).MissingParents.ShouldBe([parent]);
    }

    [Fact]
    public async Task A_plan_made_of_an_old_view_fails_as_transient()
    {
        await _nb.CarryOutAsync(Vpc1, Plan);
        var old = RowDiff.Between(Vpc1, [.. Plan, Nat("new", "10.5.204.102", "192.168.0.3")], _nb.Current);
        await _nb.CarryOutAsync(Vpc1);

        var refused = await Should.ThrowAsync<OvsdbException>(() => _nb.CommitAsync(Vpc1, old.Operations, TestContext.Timeout()));

        refused.IsTransient.ShouldBeTrue();
        _nb.Current.Owners().ShouldBeEmpty("a rule without a router does not last");
    }

    [Fact]
    public async Task A_server_that_forbids_changing_a_column_gets_a_new_row()
    {
        const string Mac = "\"mac\": {\"type\": \"string\"";
        await using var server = await OvsdbServer.StartNewAsync(edit: schema =>
            schema.Replace(Mac + "}", Mac + ", \"mutable\": false}", StringComparison.Ordinal));
        await using var nb = await server.ConnectAsync();
        await nb.CarryOutAsync(Vpc1, Plan);

        var changed = Plan.Select(row => row.Row is LogicalRouterPort port ? row with { Row = port with { Mac = "0a:00:00:00:00:77" } } : row);

        var changes = await nb.CarryOutAsync(Vpc1, [.. changed]);

        changes.Updated.ShouldBeGreaterThanOrEqualTo(2);
        nb.Current.All<LogicalRouterPort>().Select(port => port.Row.Mac).ShouldBe(["0a:00:00:00:00:77", "0a:00:00:00:00:77"]);
        nb.Current.All<GatewayChassis>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_restarted_server_is_found_again()
    {
        await _nb.CarryOutAsync(Vpc1, Plan);
        var connected = new BlockingCollection<bool>();
        _nb.ConnectionChanged += connected.Add;

        await _server.KillAsync();
        connected.Take(TestContext.Timeout()).ShouldBeFalse();
        var failure = await Should.ThrowAsync<OvsdbException>(
            () => _nb.CommitAsync(Vpc1, [new Delete("Load_Balancer", [])], TestContext.Timeout()));
        failure.IsTransient.ShouldBeTrue();
        await _server.StartAsync();
        connected.Take(TestContext.Timeout()).ShouldBeTrue();

        RowDiff.Between(Vpc1, Plan, _nb.Current).IsEmpty.ShouldBeTrue();
        await _nb.CarryOutAsync(Vpc1);
    }

    [Fact]
    public async Task A_conflict_is_announced_when_the_name_becomes_free()
    {
        var notices = new BlockingCollection<IReadOnlySet<RowRef>>();
        _nb.TargetsChanged += notices.Add;
        await using var stranger = await _server.ConnectStrangerAsync();
        await stranger.TransactAsync([new Insert("Load_Balancer", [new("name", Value.Of("eip-dnat"))])], TestContext.Timeout());
        notices.Take(TestContext.Timeout()).ShouldBe([RowRef.Named("Load_Balancer", "eip-dnat")]);

        var conflict = (await _nb.CarryOutAsync(Vpc1, Plan)).Conflicts.ShouldHaveSingleItem();
        notices.Take(TestContext.Timeout()).ShouldNotContain(RowRef.Named("Load_Balancer", "eip-dnat"));
        await stranger.TransactAsync([new Delete("Load_Balancer", [])], TestContext.Timeout());

        notices.Take(TestContext.Timeout()).ShouldBe([RowRef.Named(conflict.Table, conflict.Key)]);
        (await _nb.CarryOutAsync(Vpc1, Plan)).Inserted.ShouldBe(2, "the load balancer and its health check");
    }
}
