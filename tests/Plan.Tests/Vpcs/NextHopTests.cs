using Sluice.Api;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

public sealed class NextHopTests
{
    [Fact]
    public void A_route_works_when_the_subnet_of_its_next_hop_comes_and_its_row_does_not_change()
    {
        var world = Worlds.WithExternalSubnet("vpc");
        world.Vpcs["vpc"] = world.Vpcs["vpc"] with
        {
            Spec = new() { EnableExternal = true, StaticRoutes = [new StaticRoute { Cidr = "172.20.0.0/16", NextHopIP = "172.16.0.9" }] },
        };
        world.Settle();
        Ready(world).Reason.ShouldBe(Reasons.NextHopUnreachable);
        Ready(world).Message.ShouldBe("spec.staticRoutes[0].nextHopIP: 172.16.0.9 is in none of the networks of the router");
        var rows = world.Rows["vpc"];

        var subnet = new Subnet { Metadata = new() { Name = "later" }, Spec = new() { CidrBlock = "172.16.0.0/24", Gateway = "172.16.0.1", Vpc = "vpc" } };
        world.Subnets.Add("later", subnet);
        world.Settle();
        Ready(world).Status.ShouldBe(ConditionStatus.True);
        rows.Except(world.Rows["vpc"]).ShouldBeEmpty();

        world.Subnets.Remove("later");
        world.Settle();
        Ready(world).Reason.ShouldBe(Reasons.NextHopUnreachable);
        world.Rows["vpc"].ShouldBe(rows, ignoreOrder: true);
    }

    private static Condition Ready(World world) => world.Vpcs["vpc"].Status!.Conditions.Find(ConditionTypes.Ready)!;
}
