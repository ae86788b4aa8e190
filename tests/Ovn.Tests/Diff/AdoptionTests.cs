using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>Rows that were there before us.</summary>
public sealed class AdoptionTests : DiffTest
{
    private static readonly Value Nobody = Value.EmptyMap;

    private static readonly DesiredRow[] Plan =
    [
        Router(),
        Port("vpc1-external204", "10.5.204.105/24"),
        Chassis("vpc1-external204", "node1", 100),
        Nat("eip1", "10.5.204.101", "192.168.0.2"),
        LoadBalancer("eip-dnat", "10.5.204.107:22", "192.168.0.6:22"),
        Row("bfd", new Bfd { LogicalPort = "vpc1-external204", DstIp = "10.5.204.254", MinTx = 100 }),
    ];

    [Fact]
    public void Rows_of_an_earlier_system_become_ours_in_place()
    {
        var before = Legacy(Ops.KubeOvn);

        var changes = Diff(Plan, before);

        changes.ShouldSatisfyAllConditions(
            () => changes.Adopted.ShouldBe(Plan.Length),
            () => changes.Inserted.ShouldBe(0),
            () => changes.Deleted.ShouldBe(0),
            () => changes.Operations.ShouldAllBe(operation => !(operation is Insert) && !(operation is Delete)));
        var after = before.Apply(changes.Operations);
        after.Rows.Select(row => row.Uuid).ShouldBe(before.Rows.Select(row => row.Uuid), ignoreOrder: true);
        Diff(Plan, after).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Options_of_an_earlier_system_that_we_know_and_do_not_want_are_dropped()
    {
        var router = Repaired(Plan, Legacy(Ops.KubeOvn)).Table("Logical_Router").Single();

        router["options"].ToString().ShouldBe("{chassis=kept, dynamic_neigh_routers=true}");
    }

    [Fact]
    public void Rows_of_somebody_else_in_the_place_of_ours_are_reported_and_left_alone()
    {
        var before = Legacy(Nobody);

        var changes = Diff(Plan, before);

        changes.Operations.ShouldBeEmpty();
        var router = before.Table("Logical_Router").Single();
        changes.Conflicts.ShouldContain(new RowConflict(Plan[0].Id, "Logical_Router", router.Uuid, "vpc1", null));
        changes.Conflicts.Select(conflict => conflict.Table).Order()
            .ShouldBe(["BFD", "Gateway_Chassis", "Load_Balancer", "Logical_Router", "Logical_Router_Port"]);
        changes.MissingParents.ShouldBeEmpty("the router exists, it is only not ours");
    }

    [Fact]
    public void A_rule_that_somebody_added_to_our_router_is_not_taken_over()
    {
        var ours = With(Router());
        var router = ours.Table("Logical_Router").Single();
        var before = ours.Apply(
            [Ops.InsertNat("hand", "dnat_and_snat", "10.5.204.101", "192.168.0.2"), Ops.Add(router, "nat", Ops.Named("hand"))]);

        var changes = Diff([Router(), Nat("eip1", "10.5.204.101", "192.168.0.2"), Nat("eip2", "10.5.204.102", "192.168.0.3")], before);

        var conflict = changes.Conflicts.ShouldHaveSingleItem();
        conflict.Id.Name.ShouldBe("nat/eip1");
        conflict.Key.ShouldBe("dnat_and_snat 10.5.204.101 192.168.0.2");
        changes.Inserted.ShouldBe(1);
    }

    [Fact]
    public void The_same_rule_on_another_router_is_no_conflict()
    {
        var before = MemoryDatabase.Empty().Apply(
        [
            Ops.InsertNat("other", "dnat_and_snat", "10.5.204.101", "192.168.0.2", Ops.KubeOvn),
            Ops.Insert("Logical_Router", ("name", Ops.Text("neighbour")), ("nat", Ops.Named("other"))),
        ]);

        var changes = Diff([Router(), Nat("eip1", "10.5.204.101", "192.168.0.2")], before);

        changes.Conflicts.ShouldBeEmpty();
        changes.Inserted.ShouldBe(2);
        changes.Adopted.ShouldBe(0);
    }

    [Fact]
    public void A_row_of_another_plan_of_ours_in_the_place_is_reported_with_its_owner()
    {
        var other = new OwnerKey("Subnet", "s1");
        var taken = new DesiredRow(new(other, "router"), new LogicalRouter { Name = "vpc1" }, []);
        var before = MemoryDatabase.Empty().Apply(RowDiff.Between(other, [taken], MemoryDatabase.Empty().Snapshot()).Operations);

        var conflict = Diff([Router()], before).Conflicts.ShouldHaveSingleItem();

        conflict.Owner.ShouldBe(other);
    }

    [Fact]
    public void A_rename_onto_a_row_of_somebody_else_is_not_tried()
    {
        var before = With(Router(), Port("mine", "10.0.0.1/24")).Apply(
        [
            Ops.InsertAs("p", "Logical_Router_Port", ("name", Ops.Text("theirs")), ("networks", Ops.Text("10.0.1.1/24"))),
            Ops.Insert("Logical_Router", ("name", Ops.Text("stranger")), ("ports", Ops.Named("p"))),
        ]);
        var renamed = Port("mine", "10.0.0.1/24") with { Row = new LogicalRouterPort { Name = "theirs", Networks = ["10.0.0.1/24"] } };

        var changes = Diff([Router(), renamed], before);

        changes.Conflicts.ShouldHaveSingleItem().Key.ShouldBe("theirs");
        changes.Operations.ShouldBeEmpty();
    }

    [Fact]
    public void Options_of_one_subnet_are_told_from_those_of_another_with_the_same_range()
    {
        static Insert Options(string subnet) =>
            Ops.Insert("DHCP_Options", ("cidr", Ops.Text("10.0.0.0/24")), ("external_ids", Ops.Map(("vendor", "kube-ovn"), ("ls", subnet))));
        var before = MemoryDatabase.Empty().Apply([Options("s1"), Options("s2")]);
        var desired = Row("dhcp", new DhcpOptions { Cidr = "10.0.0.0/24", ExternalIds = StringMap.Of(("ls", "s2")) });

        var after = before.Apply(Diff([desired], before).Operations);

        after.Table("DHCP_Options").Single(row => row["external_ids"].Get("sluice-row") == "dhcp")["external_ids"].Get("ls").ShouldBe("s2");
        after.Table("DHCP_Options").Count().ShouldBe(2);
    }

    /// <summary>What another system left, with its mark.</summary>
    private static MemoryDatabase Legacy(Value ids) => MemoryDatabase.Empty().Apply(
    [
        Ops.InsertAs(
            "gc", "Gateway_Chassis",
            ("name", Ops.Text("vpc1-external204-node1")), ("chassis_name", Ops.Text("old")), ("external_ids", ids)),
        Ops.InsertAs(
            "lrp", "Logical_Router_Port",
            ("name", Ops.Text("vpc1-external204")), ("mac", Ops.Text("00:00:00:00:00:09")), ("networks", Ops.Text("10.5.204.105/24")),
            ("gateway_chassis", Ops.Named("gc")), ("external_ids", ids)),
        Ops.InsertNat("nat", "dnat_and_snat", "10.5.204.101", "192.168.0.2", ids),
        Ops.InsertAs("lb", "Load_Balancer", ("name", Ops.Text("eip-dnat")), ("protocol", Ops.Text("udp")), ("external_ids", ids)),
        Ops.Insert("BFD", ("logical_port", Ops.Text("vpc1-external204")), ("dst_ip", Ops.Text("10.5.204.254")), ("external_ids", ids)),
        Ops.Insert(
            "Logical_Router",
            ("name", Ops.Text("vpc1")), ("external_ids", ids), ("nat", Ops.Named("nat")), ("ports", Ops.Named("lrp")),
            ("options", Ops.Map(("always_learn_from_arp_request", "false"), ("chassis", "kept")))),
    ]);
}
