using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>Rows that Kube-OVN wrote without its mark.</summary>
public sealed class UnmarkedRowsTests : DiffTest
{
    private const string LogicalPort = "vpc1-external204";

    private static readonly DesiredRow[] Infrastructure = [Router(), Port(LogicalPort, "10.5.204.105/24")];

    private static readonly DesiredRow[] Rules =
    [
        Chassis(LogicalPort, "node1", 100),
        Nat("eip1", "10.5.204.101", "192.168.0.2"),
        Row(
            "route",
            new LogicalRouterStaticRoute { IpPrefix = "0.0.0.0/0", Nexthop = "10.5.204.254", Policy = LogicalRouterStaticRoute.PolicyValue.DstIp },
            To("Logical_Router", "router", "static_routes")),
        Row("bfd", new Bfd { LogicalPort = LogicalPort, DstIp = "10.5.204.254" }),
    ];

    [Fact]
    public void They_become_ours_in_place_with_the_router_that_they_belong_to()
    {
        var before = KubeOvn();

        var changes = Diff([.. Infrastructure, .. Rules], before);

        changes.ShouldSatisfyAllConditions(
            () => changes.Conflicts.ShouldBeEmpty(),
            () => changes.Adopted.ShouldBe(Infrastructure.Length + Rules.Length),
            () => changes.Inserted.ShouldBe(0),
            () => changes.Deleted.ShouldBe(0));
        var after = before.Apply(changes.Operations);
        after.Rows.Select(row => row.Uuid).ShouldBe(before.Rows.Select(row => row.Uuid), ignoreOrder: true);
        Diff([.. Infrastructure, .. Rules], after).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void They_become_ours_later_as_well()
    {
        var taken = Repaired(Infrastructure, KubeOvn());

        var changes = Diff([.. Infrastructure, .. Rules], taken);

        changes.Conflicts.ShouldBeEmpty();
        changes.Adopted.ShouldBe(Rules.Length);
        changes.Inserted.ShouldBe(0);
    }

    [Fact]
    public void What_says_something_of_its_own_is_somebody_elses()
    {
        var nat = Ops.InsertNat("stranger", "dnat_and_snat", "10.5.204.102", "192.168.0.3", Ops.Map(("neutron:fip_id", "1")));
        var before = KubeOvn();
        before = before.Apply([nat, Ops.Add(before.Table("Logical_Router").Single(), "nat", Ops.Named("stranger"))]);

        var changes = Diff([.. Infrastructure, Nat("eip2", "10.5.204.102", "192.168.0.3")], before);

        changes.Conflicts.ShouldHaveSingleItem().Key.ShouldBe("dnat_and_snat 10.5.204.102 192.168.0.3");
    }

    [Fact]
    public void A_session_of_a_port_of_ours_becomes_ours()
    {
        var before = With(Infrastructure).Apply(
            [Ops.Insert("BFD", ("logical_port", Ops.Text(LogicalPort)), ("dst_ip", Ops.Text("10.5.204.254")))]);

        var changes = Diff([.. Infrastructure, Rules[^1]], before);

        changes.Conflicts.ShouldBeEmpty();
        changes.Adopted.ShouldBe(1);
    }

    [Fact]
    public void A_session_of_somebody_elses_port_does_not()
    {
        var before = With(Router()).Apply(
            [Ops.Insert("BFD", ("logical_port", Ops.Text(LogicalPort)), ("dst_ip", Ops.Text("10.5.204.254")))]);

        Diff([Router(), Rules[^1]], before).Conflicts.ShouldHaveSingleItem().Table.ShouldBe("BFD");
    }

    private static MemoryDatabase KubeOvn() => MemoryDatabase.Empty().Apply(
    [
        Ops.InsertAs(
            "gc", "Gateway_Chassis",
            ("name", Ops.Text($"{LogicalPort}-node1")), ("chassis_name", Ops.Text("node1")), ("external_ids", Ops.Map(("lrp", LogicalPort)))),
        Ops.InsertAs(
            "lrp", "Logical_Router_Port",
            ("name", Ops.Text(LogicalPort)), ("mac", Ops.Text("00:00:00:00:00:09")), ("networks", Ops.Text("10.5.204.105/24")),
            ("gateway_chassis", Ops.Named("gc")), ("external_ids", Ops.Map(("vendor", "kube-ovn"), ("lr", "vpc1")))),
        Ops.InsertNat("nat", "dnat_and_snat", "10.5.204.101", "192.168.0.2"),
        Ops.InsertAs(
            "route", "Logical_Router_Static_Route",
            ("ip_prefix", Ops.Text("0.0.0.0/0")), ("nexthop", Ops.Text("10.5.204.254")), ("policy", Ops.Text("dst-ip"))),
        Ops.Insert(
            "BFD",
            ("logical_port", Ops.Text(LogicalPort)), ("dst_ip", Ops.Text("10.5.204.254")), ("external_ids", Ops.Map(("gateway_chassis", "node1")))),
        Ops.Insert(
            "Logical_Router",
            ("name", Ops.Text("vpc1")), ("external_ids", Ops.KubeOvn), ("nat", Ops.Named("nat")), ("ports", Ops.Named("lrp")),
            ("static_routes", Ops.Named("route"))),
    ]);
}
