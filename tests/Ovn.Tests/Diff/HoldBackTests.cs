using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>Rows that can not be written as the plan wants them.</summary>
public sealed class HoldBackTests : DiffTest
{
    private static readonly Attachment InSwitch = new("Logical_Switch", RowRef.Named("Logical_Switch", "external204"), "ports");

    private static readonly DesiredRow SwitchPort =
        Row("lsp/external204-vpc1", new LogicalSwitchPort { Name = "external204-vpc1", Type = "router" }, InSwitch);

    [Fact]
    public void A_row_waits_for_its_parent_and_the_rest_is_written()
    {
        var changes = Diff([Router(), SwitchPort], MemoryDatabase.Empty());

        changes.MissingParents.ShouldBe([RowRef.Named("Logical_Switch", "external204")]);
        changes.Inserted.ShouldBe(1);
    }

    [Fact]
    public void It_is_written_once_somebody_makes_the_parent()
    {
        var before = With(Router()).Apply([new Insert("Logical_Switch", [new("name", Value.Of("external204"))])]);

        var after = Repaired([Router(), SwitchPort], before);

        after.Table("Logical_Switch").Single()["ports"].ShouldBe(Value.Of(after.Table("Logical_Switch_Port").Single().Uuid));
    }

    [Fact]
    public void A_row_that_exists_stays_as_it_is_while_its_new_parent_is_missing()
    {
        var before = With(Router(), Nat("x", "10.5.204.101", "192.168.0.2"));
        var moved = Row("nat/x", Fip("10.5.204.102", "192.168.0.2"), InRouterNamed("gone"));

        var changes = Diff([Router(), moved], before);

        changes.Operations.ShouldBeEmpty();
        changes.MissingParents.ShouldBe([RowRef.Named("Logical_Router", "gone")]);
    }

    [Fact]
    public void A_row_waits_for_a_row_that_it_refers_to()
    {
        var elsewhere = RowRef.To(new(new("Vpc", "other"), "lrp/p"));
        var rule = Row("nat/x", Fip("10.5.204.101", "192.168.0.2") with { GatewayPort = elsewhere }, InRouter);

        var changes = Diff([Router(), rule], MemoryDatabase.Empty());

        changes.MissingParents.ShouldBe([elsewhere]);
        changes.Inserted.ShouldBe(1);
    }

    [Fact]
    public void What_depends_on_a_row_that_waits_waits_silently()
    {
        var port = Row(
            "lrp/p", new LogicalRouterPort { Name = "p", Networks = ["10.0.0.1/24"] }, InRouterNamed("gone") with { Column = "ports" });

        var changes = Diff([port, Chassis("p", "node1", 100)], MemoryDatabase.Empty());

        changes.Operations.ShouldBeEmpty();
        changes.MissingParents.ShouldBe([RowRef.Named("Logical_Router", "gone")]);
    }

    [Fact]
    public void A_group_that_is_missing_can_be_joined_later()
    {
        var before = MemoryDatabase.Empty().Apply([new Insert("Logical_Switch", [new("name", Value.Of("external204"))])]);
        var port = Row("lsp/a", new LogicalSwitchPort { Name = "a" }, InSwitch, InGroup("g"));

        var changes = Diff([port], before);

        changes.MissingParents.ShouldBe([RowRef.Named("Port_Group", "g")]);
        changes.Inserted.ShouldBe(1);
        var joined = Repaired([port], before.Apply(changes.Operations).Apply([new Insert("Port_Group", [new("name", Value.Of("g"))])]));
        joined.Table("Port_Group").Single()["ports"].Count.ShouldBe(1);
    }

    [Fact]
    public void A_group_of_ours_is_left_when_the_plan_says_so_and_a_stranger_s_is_not()
    {
        var inGroup = Row("lsp/a", new LogicalSwitchPort { Name = "a" }, InSwitch, InGroup("ours"));
        var start = MemoryDatabase.Empty().Apply(
        [
            new Insert("Logical_Switch", [new("name", Value.Of("external204"))]),
            new Insert("Port_Group", [new("name", Value.Of("ours")), new("external_ids", Ops.KubeOvn)]),
        ]);
        var joined = Repaired([inGroup], start);
        var port = joined.Table("Logical_Switch_Port").Single();
        var before = joined.Apply([new Insert("Port_Group", [new("name", Value.Of("theirs")), new("ports", Value.Of(port.Uuid))])]);

        var after = Repaired([inGroup with { Attachments = [InSwitch] }], before);

        after.Table("Port_Group").Select(row => (row["name"].AsString(), row["ports"].Count)).Order()
            .ShouldBe([("ours", 0), ("theirs", 1)]);
    }

    [Fact]
    public void A_column_that_the_server_lacks_is_reported_and_its_row_not_written_without_it()
    {
        var narrow = Row("nat/x", Fip("10.5.204.101", "192.168.0.2") with { Match = "ip4.dst == 10.0.0.0/8" }, InRouter);

        var changes = Diff([Router(), narrow, Nat("y", "10.5.204.102", "192.168.0.3")], MemoryDatabase.Empty());

        changes.UnsupportedColumns.ShouldBe(["NAT.match"]);
        changes.Inserted.ShouldBe(2);
        MemoryDatabase.Empty().Snapshot().Supports("NAT", "match").ShouldBeFalse();
        MemoryDatabase.Empty().Snapshot().Supports("NAT", "options").ShouldBeTrue();
    }

    [Fact]
    public void A_row_is_attached_to_a_row_of_the_same_plan_by_its_name_too()
    {
        var rule = Row("nat/x", Fip("10.5.204.101", "192.168.0.2"), InRouterNamed("vpc1"));

        var after = Repaired([Router(), rule], MemoryDatabase.Empty());

        after.Table("NAT").Count().ShouldBe(1);
    }

    [Fact]
    public void A_row_is_attached_to_a_row_of_the_same_plan_by_the_name_that_it_is_about_to_get()
    {
        var before = With(Router("old"));
        var rule = Row("nat/x", Fip("10.5.204.101", "192.168.0.2"), InRouterNamed("new"));

        var after = Repaired([Router("new"), rule], before);

        after.Table("NAT").Count().ShouldBe(1);
    }

    private static Attachment InRouterNamed(string router) => new("Logical_Router", RowRef.Named("Logical_Router", router), "nat");

    private static Attachment InGroup(string group) => new("Port_Group", RowRef.Named("Port_Group", group), "ports");
}
