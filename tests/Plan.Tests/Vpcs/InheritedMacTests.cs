using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>Router ports of an earlier system.</summary>
public sealed class InheritedMacTests
{
    [Fact]
    public void A_port_in_a_subnet_keeps_the_MAC_address_that_pods_remember()
    {
        var world = Worlds.OneVpc(fips: 0);
        MacAddress.TryParse("00:00:00:ed:8e:c7", out var mac).ShouldBeTrue();
        world.InheritedMacs["vpc-inner-vpc"] = mac;

        var ports = VpcPlan.For(world.Input("vpc")).Rows.Select(row => row.Row).OfType<LogicalRouterPort>().ToDictionary(port => port.Name);

        ports["vpc-inner-vpc"].Mac.ShouldBe("00:00:00:ed:8e:c7");
        ports["vpc-external204"].Mac.ShouldBe("02:00:00:00:00:01", "that of the OvnEip");
    }
}
