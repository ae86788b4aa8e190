using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>A VPC with BFD whose external port moves from chassis to chassis.</summary>
public sealed class BfdTests
{
    private const string Port = "vpc1-external204";

    [Fact]
    public void A_session_is_made_anew_when_the_port_moves()
    {
        var world = Load();
        var before = Sessions(world);
        before.ShouldNotBeEmpty();

        world.ActiveChassis[Port] = Standby(world);
        Run(world);
        Sessions(world).ShouldBeEmpty();
        Rows(world).OfType<LogicalRouterStaticRoute>().Select(route => route.IpPrefix).ShouldBe(["0.0.0.0/0", "::/0"], ignoreOrder: true);

        Run(world);
        var after = Sessions(world);
        after.Select(session => session.DstIp).ShouldBe(before.Select(session => session.DstIp));
        after.ShouldAllBe(session => BfdPlan.Read(session).Chassis == world.ActiveChassis[Port]);
    }

    [Fact]
    public void A_session_waits_for_the_chassis_to_forget_the_last_one()
    {
        var world = Load();
        var peer = Sessions(world)[0].DstIp;

        VpcPlan.For(world.Input("vpc1") with { BfdSessions = [], RunningBfd = [new(Port, peer)] }).Rows
            .Select(row => row.Row).OfType<Bfd>().ShouldNotContain(session => session.DstIp == peer);
        VpcPlan.For(world.Input("vpc1") with { BfdSessions = [], RunningBfd = [] }).Rows
            .Select(row => row.Row).OfType<Bfd>().ShouldContain(session => session.DstIp == peer);
    }

    /// <summary>As of an earlier system: traffic is on it.</summary>
    [Fact]
    public void A_session_of_which_nobody_noted_the_chassis_is_kept()
    {
        var world = Load();
        var input = world.Input("vpc1");

        VpcPlan.For(input with { BfdSessions = [.. input.BfdSessions.Select(session => session with { Chassis = null })] })
            .Rows.Select(row => row.Row).OfType<Bfd>().Count().ShouldBe(input.BfdSessions.Length);
    }

    private static World Load() => CaseTests.Load("bfd-ecmp", settled: true);

    private static void Run(World world) => world.Reconcile("vpc1");

    private static IEnumerable<OvnRow> Rows(World world) => world.Rows["vpc1"].Select(row => row.Row);

    private static List<Bfd> Sessions(World world) => [.. Rows(world).OfType<Bfd>()];

    private static string Standby(World world) => GatewayChassisPlan.Read(Rows(world).OfType<GatewayChassis>(), Port).ElementAt(1);
}
