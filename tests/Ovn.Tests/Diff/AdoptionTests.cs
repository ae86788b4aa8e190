using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>Rows that were there before us.</summary>
public sealed class AdoptionTests : DiffTest
{
    private static readonly Value KubeOvn = Value.Map([KeyValuePair.Create("vendor", "kube-ovn")]);
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
        var before = Legacy(KubeOvn);

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
        var router = Repaired(Plan, Legacy(KubeOvn)).Table("Logical_Router").Single();

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
        changes.Conflicts.Select(conflict => conflict.Table).Order().ShouldBe(["BFD", "Gateway_Chassis", "Load_Balancer", "Logical_Router", "Logical_Router_Port"]);
        changes.MissingParents.ShouldBeEmpty("the router exists, it is only not ours");
    }

    [Fact]
    public void A_rule_that_somebody_added_to_our_router_is_not_taken_over()
    {
        var ours = With(Router());
        var router = ours.Table("Logical_Router").Single();
        var before = ours.Apply(
        [
            new Insert("NAT", [new("type", Value.Of("dnat_and_snat")), new("external_ip", Value.Of("10.5.204.101")), new("logical_ip", Value.Of("192.168.0.2"))], "hand"),
            new Mutate("Logical_Router", [Condition.Uuid(router.Uuid)], [new("nat", Mutator.Insert, Value.Of(Atom.Named("hand")))]),
        ]);

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
            new Insert("NAT", [new("type", Value.Of("dnat_and_snat")), new("external_ip", Value.Of("10.5.204.101")), new("logical_ip", Value.Of("192.168.0.2")), new("external_ids", KubeOvn)], "other"),
            new Insert("Logical_Router", [new("name", Value.Of("neighbour")), new("nat", Value.Of(Atom.Named("other")))]),
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
            new Insert("Logical_Router_Port", [new("name", Value.Of("theirs")), new("networks", Value.Of("10.0.1.1/24"))], "p"),
            new Insert("Logical_Router", [new("name", Value.Of("stranger")), new("ports", Value.Of(Atom.Named("p")))]),
        ]);
        var renamed = Port("mine", "10.0.0.1/24") with { Row = new LogicalRouterPort { Name = "theirs", Networks = ["10.0.0.1/24"] } };

        var changes = Diff([Router(), renamed], before);

        changes.Conflicts.ShouldHaveSingleItem().Key.ShouldBe("theirs");
        changes.Operations.ShouldBeEmpty();
    }

    [Fact]
    public void Options_of_one_subnet_are_told_from_those_of_another_with_the_same_range()
    {
        static Insert Options(string subnet) => new("DHCP_Options",
        [
            new("cidr", Value.Of("10.0.0.0/24")),
            new("external_ids", Value.Map([KeyValuePair.Create("vendor", "kube-ovn"), KeyValuePair.Create("ls", subnet)])),
        ]);
        var before = MemoryDatabase.Empty().Apply([Options("s1"), Options("s2")]);
        var desired = Row("dhcp", new DhcpOptions { Cidr = "10.0.0.0/24", ExternalIds = StringMap.Of(("ls", "s2")) });

        var after = before.Apply(Diff([desired], before).Operations);

        after.Table("DHCP_Options").Single(row => row["external_ids"].Get("sluice-row") == "dhcp")["external_ids"].Get("ls").ShouldBe("s2");
        after.Table("DHCP_Options").Count().ShouldBe(2);
    }

    /// <summary>What another system left, with its mark.</summary>
    private static MemoryDatabase Legacy(Value ids) => MemoryDatabase.Empty().Apply(
    [
        new Insert("Gateway_Chassis", [new("name", Value.Of("vpc1-external204-node1")), new("chassis_name", Value.Of("old")), new("external_ids", ids)], "gc"),
        new Insert("Logical_Router_Port",
        [
            new("name", Value.Of("vpc1-external204")), new("mac", Value.Of("00:00:00:00:00:09")), new("networks", Value.Of("10.5.204.105/24")),
            new("gateway_chassis", Value.Of(Atom.Named("gc"))), new("external_ids", ids),
        ], "lrp"),
        new Insert("NAT",
        [
            new("type", Value.Of("dnat_and_snat")), new("external_ip", Value.Of("10.5.204.101")), new("logical_ip", Value.Of("192.168.0.2")),
            new("external_ids", ids),
        ], "nat"),
        new Insert("Load_Balancer", [new("name", Value.Of("eip-dnat")), new("protocol", Value.Of("udp")), new("external_ids", ids)], "lb"),
        new Insert("BFD", [new("logical_port", Value.Of("vpc1-external204")), new("dst_ip", Value.Of("10.5.204.254")), new("external_ids", ids)]),
        new Insert("Logical_Router",
        [
            new("name", Value.Of("vpc1")), new("external_ids", ids), new("nat", Value.Of(Atom.Named("nat"))), new("ports", Value.Of(Atom.Named("lrp"))),
            new("options", Value.Map([KeyValuePair.Create("always_learn_from_arp_request", "false"), KeyValuePair.Create("chassis", "kept")])),
        ]),
    ]);
}
