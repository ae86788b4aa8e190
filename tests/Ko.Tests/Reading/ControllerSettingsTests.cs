using Sluice.Ko.Reading;
using Sluice.Plan.Addressing;

namespace Sluice.Ko.Tests.Reading;

public sealed class ControllerSettingsTests
{
    [Fact]
    public void What_nodes_answer_is_read_as_the_controller_reads_it()
    {
        var subnets = ControllerSettings.Parse(["--service-cluster-ip-range=10.43.0.0/16,fd00:43::/112", "--node-local-dns-ip=fd00::10"]).Subnets;

        subnets.ServiceCidrs.ShouldBe([Cidr.Parse("10.43.0.0/16"), Cidr.Parse("fd00:43::/112")]);
        subnets.NodeLocalDns.ShouldBe([IpAddress.Parse("fd00::10")]);
    }
}
