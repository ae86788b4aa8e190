using System.Collections.Concurrent;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using TestContext = Sluice.Ovn.Tests.Support.TestContext;

namespace Sluice.Ovn.Tests.Server;

public sealed class SouthboundDatabaseTests
{
    [Fact]
    public async Task A_chassis_is_known_by_its_name_from_when_it_registers_until_it_leaves()
    {
        await using var server = await OvsdbServer.StartNewAsync("ovn-sb.ovsschema");
        await using var sb = new SouthboundDatabase(server.Options);
        await sb.StartAsync(TestContext.Timeout());
        await using var controller = await server.ConnectStrangerAsync("OVN_Southbound");
        var notices = new BlockingCollection<IReadOnlySet<string>>();
        sb.ChassisChanged += notices.Add;
        sb.Current.ChassisByName("node1").ShouldBeNull();

        await controller.TransactAsync(
        [
            Ops.InsertAs("encap", "Encap", ("type", Value.Of("geneve")), ("ip", Value.Of("172.18.0.2")), ("chassis_name", Value.Of("node1"))),
            Ops.InsertAs("chassis", "Chassis", ("name", Value.Of("node1")), ("hostname", Value.Of("pc-node-1")), ("encaps", Ops.Named("encap"))),
            Ops.Insert("Chassis_Private", ("name", Value.Of("node1")), ("nb_cfg", Value.Of(7L)), ("chassis", Ops.Named("chassis"))),
        ], TestContext.Timeout());

        notices.Take(TestContext.Timeout()).ShouldBe(["node1"]);
        var chassis = sb.Current.ChassisByName("node1").ShouldNotBeNull();
        chassis.Hostname.ShouldBe("pc-node-1");
        sb.Current.EncapsOf(chassis).Select(encap => encap.Ip).ShouldBe(["172.18.0.2"]);
        sb.Current.ReachedBy("node1").ShouldBe(7);
        sb.Current.Chassis.ShouldBe([chassis]);

        await controller.TransactAsync([new Delete("Chassis", [])], TestContext.Timeout());
        notices.Take(TestContext.Timeout()).ShouldBe(["node1"]);
        sb.Current.ChassisByName("node1").ShouldBeNull();
    }

    [Fact]
    public async Task The_active_chassis_of_a_gateway_port_is_followed_and_other_port_bindings_are_not()
    {
        await using var server = await OvsdbServer.StartNewAsync("ovn-sb.ovsschema");
        await using var sb = new SouthboundDatabase(server.Options);
        await sb.StartAsync(TestContext.Timeout());
        await using var controller = await server.ConnectStrangerAsync("OVN_Southbound");
        var notices = new BlockingCollection<IReadOnlySet<string>>();
        sb.GatewayPortsChanged += notices.Add;

        await controller.TransactAsync(
        [
            Ops.InsertAs("encap", "Encap", ("type", Value.Of("geneve")), ("ip", Value.Of("172.18.0.2")), ("chassis_name", Value.Of("node1"))),
            Ops.InsertAs("chassis", "Chassis", ("name", Value.Of("node1")), ("encaps", Ops.Named("encap"))),
            Ops.InsertAs("datapath", "Datapath_Binding", ("tunnel_key", Value.Of(1L))),
            Ops.Insert("Port_Binding", ("logical_port", Value.Of("pod")), ("datapath", Ops.Named("datapath")), ("tunnel_key", Value.Of(1L))),
            Ops.Insert(
                "Port_Binding",
                ("logical_port", Value.Of("cr-vpc1-external204")),
                ("type", Value.Of("chassisredirect")),
                ("datapath", Ops.Named("datapath")),
                ("tunnel_key", Value.Of(2L))),
        ], TestContext.Timeout());
        notices.Take(TestContext.Timeout()).ShouldBe(["vpc1-external204"]);
        sb.Current.ActiveChassis("vpc1-external204").ShouldBeNull();
        sb.Current.ActiveChassis("pod").ShouldBeNull();

        var chassis = sb.Current.Replica["Chassis"].Rows.Single().Uuid;
        await controller.TransactAsync([new Update("Port_Binding", [], [new("chassis", Value.Of(chassis))])], TestContext.Timeout());
        notices.Take(TestContext.Timeout()).ShouldBe(["vpc1-external204"]);
        sb.Current.ActiveChassis("vpc1-external204").ShouldBe("node1");
        sb.Current.Replica["Port_Binding"].Count.ShouldBe(1);
    }
}
