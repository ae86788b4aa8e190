using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

public sealed class RowDiffTests : DiffTest
{
    private static readonly DesiredRow[] Everything =
    [
        Router(),
        Port("vpc1-external204", "10.5.204.105/24"),
        Chassis("vpc1-external204", "node1", 100),
        Chassis("vpc1-external204", "node2", 99),
        Nat("eip1", "10.5.204.101", "192.168.0.2"),
        Row(
            "nat/snat",
            new Nat
            {
                Type = Northbound.Nat.TypeValue.Snat,
                ExternalIp = "10.5.204.115",
                LogicalIp = "192.168.0.0/24",
                GatewayPort = RowRef.To(new(Vpc1, "lrp/vpc1-external204")),
            },
            InRouter),
        LoadBalancer("eip-dnat", "10.5.204.107:22", "192.168.0.6:22"),
    ];

    [Fact]
    public void A_whole_plan_comes_into_an_empty_database_in_one_transaction()
    {
        var changes = Diff(Everything, MemoryDatabase.Empty());

        changes.ShouldSatisfyAllConditions(
            () => changes.Inserted.ShouldBe(Everything.Length),
            () => changes.Operations.ShouldAllBe(operation => operation is Insert),
            () => changes.MissingParents.ShouldBeEmpty());
        var after = MemoryDatabase.Empty().Apply(changes.Operations);
        after.Rows.Count().ShouldBe(Everything.Length);
        Diff(Everything, after).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_plan_without_rows_leaves_none_of_the_owner()
    {
        var before = With(Everything);

        var changes = Diff([], before);

        changes.Deleted.ShouldBe(Everything.Length);
        before.Apply(changes.Operations).Rows.ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_column_that_differs_is_written()
    {
        var before = With(Router(), Nat("eip1", "10.5.204.101", "192.168.0.2"));

        var changes = Diff([Router(), Nat("eip1", "10.5.204.101", "192.168.0.3")], before);

        var nat = before.Table("NAT").Single();
        var update = changes.Operations.ShouldHaveSingleItem().ShouldBeOfType<Update>();
        update.Where.ShouldBe([Condition.Uuid(nat.Uuid)]);
        update.Row.ShouldBe([new("logical_ip", Value.Of("192.168.0.3"))]);
        changes.Updated.ShouldBe(1);
    }

    [Fact]
    public void A_row_removed_by_somebody_comes_back()
    {
        var complete = With(Everything);
        var router = complete.Table("Logical_Router").Single();
        var nat = complete.Table("NAT").First();

        var broken = complete.Apply([Ops.Remove(router, "nat", nat)]);

        Repaired(Everything, broken).Dump().ShouldBe(complete.Dump());
    }

    [Fact]
    public void A_load_balancer_detached_by_somebody_is_attached_again()
    {
        var complete = With(Everything);
        var router = complete.Table("Logical_Router").Single();
        var balancer = complete.Table("Load_Balancer").Single();
        var broken = complete.Apply([Ops.Remove(router, "load_balancer", balancer)]);

        var changes = Diff(Everything, broken);

        changes.Operations.ShouldHaveSingleItem().ShouldBeOfType<Mutate>().Mutations
            .ShouldBe([new("load_balancer", Mutator.Insert, Value.Of(balancer.Uuid))]);
        changes.Updated.ShouldBe(1);
        broken.Apply(changes.Operations).Dump().ShouldBe(complete.Dump());
    }

    [Fact]
    public void Edits_of_a_column_are_undone_whether_or_not_the_row_was_seen_before()
    {
        var complete = With(Everything);
        _ = Diff(Everything, complete);
        var nat = complete.Table("NAT").First();

        var broken = complete.Apply([new Update("NAT", [Condition.Uuid(nat.Uuid)], [new("external_mac", Value.Of("0a:00:00:00:00:99"))])]);

        Repaired(Everything, broken).Dump().ShouldBe(complete.Dump());
    }

    [Fact]
    public void What_others_put_into_a_shared_set_or_map_stays()
    {
        var complete = With(Everything);
        var router = complete.Table("Logical_Router").Single();
        var shared = complete.Apply(
        [
            Ops.InsertNat("hand", "snat", "10.9.9.9", "10.0.0.0/8"),
            Ops.Add(router, "nat", Ops.Named("hand")),
            Ops.Add(router, "options", Ops.Map(("lb_force_snat_ip", "router_ip"))),
            Ops.Add(router, "external_ids", Ops.Map(("operator", "kept"))),
        ]);

        Diff(Everything, shared).IsEmpty.ShouldBeTrue();
        var left = Repaired([Router(), Port("vpc1-external204", "10.5.204.105/24")], shared);
        left.Table("NAT").ShouldHaveSingleItem()["external_ip"].AsString().ShouldBe("10.9.9.9");
        left.Table("Logical_Router").Single()["options"].Get("lb_force_snat_ip").ShouldBe("router_ip");
        left.Table("Logical_Router").Single()["external_ids"].Get("operator").ShouldBe("kept");
    }

    [Fact]
    public void Keys_of_a_shared_map_that_are_ours_go_when_the_plan_drops_them()
    {
        var before = With(Row("router", new LogicalRouter
        {
            Name = "vpc1",
            Options = StringMap.Of(("always_learn_from_arp_request", "false")),
            ExternalIds = StringMap.Of(("subnet", "s")),
        }));

        var after = Repaired([Router()], before).Table("Logical_Router").Single();

        after["options"].ToString().ShouldBe("{dynamic_neigh_routers=true}");
        after["external_ids"].ToString().ShouldBe("{sluice-owner=Vpc/vpc1, sluice-row=router, vendor=kube-ovn}");
    }

    [Fact]
    public void An_id_of_ours_that_somebody_changed_is_put_right()
    {
        var complete = With(Everything);
        var nat = complete.Table("NAT").First();
        var broken = complete.Apply([new Mutate("NAT", [Condition.Uuid(nat.Uuid)],
            [new("external_ids", Mutator.Delete, Value.Set(["vendor", "sluice-row"]))])]);

        var repaired = Repaired(Everything, broken);

        repaired.Dump().ShouldBe(complete.Dump());
        repaired.Table("NAT").Select(row => row.Uuid).ShouldBe(complete.Table("NAT").Select(row => row.Uuid), ignoreOrder: true);
    }

    [Fact]
    public void A_row_that_the_plan_calls_by_another_name_now_is_kept()
    {
        var before = With(Router(), Nat("OvnFip/a", "10.5.204.101", "192.168.0.2"));

        var changes = Diff([Router(), Nat("OvnFip/b", "10.5.204.101", "192.168.0.2")], before);

        changes.Operations.ShouldHaveSingleItem().ShouldBeOfType<Mutate>();
        before.Apply(changes.Operations).Table("NAT").Single().Uuid.ShouldBe(before.Table("NAT").Single().Uuid);
    }

    [Fact]
    public void Two_ports_can_swap_their_names()
    {
        static DesiredRow Named(string row, string name) =>
            Row(row, new LogicalRouterPort { Name = name, Mac = row, Networks = ["10.0.0.1/24"] }, To("Logical_Router", "router", "ports"));
        var before = With(Router(), Named("a", "x"), Named("b", "y"));
        DesiredRow[] swapped = [Router(), Named("a", "y"), Named("b", "x")];

        var after = Repaired(swapped, before);

        after.Table("Logical_Router_Port").Select(row => (row["mac"].AsString(), row["name"].AsString())).Order()
            .ShouldBe([("a", "y"), ("b", "x")]);
    }

    [Fact]
    public void A_row_moves_to_another_parent_without_being_written_anew()
    {
        DesiredRow Router2() => Row("router2", new LogicalRouter { Name = "vpc2" });
        var nat = Row("nat/x", Fip("10.5.204.101", "192.168.0.2"), InRouter);
        var before = With(Router(), Router2(), nat);
        var moved = Row("nat/x", Fip("10.5.204.101", "192.168.0.2"), To("Logical_Router", "router2", "nat"));

        var changes = Diff([Router(), Router2(), moved], before);

        changes.Operations.ShouldAllBe(operation => operation is Mutate);
        changes.Updated.ShouldBe(1);
        var after = before.Apply(changes.Operations);
        after.Table("NAT").Single().Uuid.ShouldBe(before.Table("NAT").Single().Uuid);
        after.Table("Logical_Router").Select(row => (row["name"].AsString(), row["nat"].Count)).Order()
            .ShouldBe([("vpc1", 0), ("vpc2", 1)]);
        Diff([Router(), Router2(), moved], after).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_row_that_somebody_attached_twice_is_detached_from_the_wrong_parent()
    {
        var complete = With(Everything);
        var nat = complete.Table("NAT").First();
        var broken = complete.Apply([new Insert("Logical_Router", [new("name", Value.Of("stranger")), new("nat", Value.Of(nat.Uuid))])]);

        var changes = Diff(Everything, broken);

        changes.Operations.ShouldHaveSingleItem();
        var stranger = broken.Apply(changes.Operations).Table("Logical_Router").Single(row => row["name"].AsString() == "stranger");
        stranger["nat"].Count.ShouldBe(0);
    }

    [Fact]
    public void A_copy_of_our_row_made_by_hand_is_removed()
    {
        var complete = With(Everything);
        var router = complete.Table("Logical_Router").Single();
        var nat = complete.Table("NAT").First();
        var copied = complete.Apply(
        [
            new Insert("NAT", [.. nat.Schema.Columns.Select((column, place) => KeyValuePair.Create(column.Name, nat[place]))], "copy"),
            new Insert("Logical_Router", [new("name", Value.Of("vpc1")), new("external_ids", router["external_ids"])]),
            new Mutate("Logical_Router", [Condition.Uuid(router.Uuid)], [new("nat", Mutator.Insert, Value.Of(Atom.Named("copy")))]),
        ]);

        var changes = Diff(Everything, copied);

        changes.Deleted.ShouldBe(2);
        var after = copied.Apply(changes.Operations);
        after.Dump().ShouldBe(complete.Dump());
        after.Table("Logical_Router").Single().Uuid.ShouldBe(router.Uuid, "the router with the ports stays");
    }

    [Fact]
    public void A_column_that_can_not_change_is_changed_by_a_new_row_in_the_same_transaction()
    {
        var schema = MemorySchema.Northbound.WithImmutable("Logical_Router_Port", "mac").WithImmutable("Logical_Router", "name");
        DesiredRow[] before =
            [Router("old"), Port("p", "10.0.0.1/24"), Chassis("p", "node1", 100), Nat("x", "10.5.204.101", "192.168.0.2")];
        var database = MemoryDatabase.Empty(schema).Apply(Diff(before, MemoryDatabase.Empty(schema)).Operations);
        Diff(before, database).IsEmpty.ShouldBeTrue();
        DesiredRow[] after =
        [
            Router("new"),
            before[1] with { Row = new LogicalRouterPort { Name = "p", Mac = "0a:00:00:00:00:02", Networks = ["10.0.0.1/24"] } },
            .. before[2..],
        ];

        var changed = database.Apply(Diff(after, database).Operations);

        Diff(after, changed).IsEmpty.ShouldBeTrue();
        changed.Rows.Count().ShouldBe(before.Length);
        changed.Table("NAT").Single().Uuid.ShouldBe(database.Table("NAT").Single().Uuid);
        changed.Table("Logical_Router_Port").Single()["mac"].AsString().ShouldBe("0a:00:00:00:00:02");
    }

    [Fact]
    public void A_plan_with_two_rows_of_one_name_is_refused() =>
        Should.Throw<ArgumentException>(
            () => Diff([Router(), Nat("x", "10.0.0.1", "10.0.0.2"), Nat("x", "10.0.0.1", "10.0.0.3")], MemoryDatabase.Empty()));

    [Fact]
    public void A_plan_with_a_row_of_another_owner_is_refused() =>
        Should.Throw<ArgumentException>(() => RowDiff.Between(new("Vpc", "vpc2"), [Router()], MemoryDatabase.Empty().Snapshot()));
}
