using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Ko.Drifting;
using Sluice.Ko.Explaining;
using Sluice.Ko.Gateways;
using Sluice.Ko.Tests.Support;

namespace Sluice.Ko.Tests.Explaining;

/// <summary>A set-up in which everything is in order: ovn-northd runs, and the ports are claimed as ovn-controller would claim them.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class WorkingSetup(ApiServerFixture server)
{
    [Fact]
    public async Task Everything_is_found_to_work_until_somebody_edits_a_row()
    {
        await using var world = await World.StartAsync(server);
        await using var northd = new Northd(world.Options.NorthboundAddress, world.Options.SouthboundAddress);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.ClaimAsync("web.default", Town.Worker);
        await world.ClaimAsync("cr-vpc1-external204", Town.Gateway);
        await world.Controller.SettleAsync();
        await world.NbctlAsync("--wait=sb", "sync");

        var survey = await world.SurveyAsync();
        Town.FirstLine(new Explainer(survey).Fip("fip")).ShouldBe("OvnFip fip works");
        Town.FirstLine(new Explainer(survey).Eip("fip")).ShouldBe("OvnEip fip works");
        Town.FirstLine(new Explainer(survey).Pod(new("default", "web"))).ShouldBe("Pod default/web works");
        DriftReport.Of(survey).ShouldBeEmpty();
        var port = GatewayReport.Of(survey).ShouldHaveSingleItem();
        (port.Vpc, port.Port).ShouldBe(("vpc1", "vpc1-external204"));
        port.Chassis.ShouldBe([new(Town.Gateway, $"chassis-{Town.Gateway}", 100, IsRegistered: true, IsActive: true)]);

        await world.StopControllerAsync();
        await world.NbctlAsync(
            "lr-nat-del", "vpc1", "--", "lsp-set-addresses", "web.default", "unknown", "--", "lsp-add", "inner", "stray", "--", "lsp-del", "localnet.external204");
        await world.NbctlAsync("--wait=sb", "sync");

        DriftReport.Of(await world.SurveyAsync()).Select(drift => $"{drift.Database} {drift.Owner} {drift.What.Split([' ', ':', '('])[..3].Aggregate((a, b) => $"{a} {b}")}")
            .ShouldBe(["NB Port/default/web Logical_Switch_Port row lsp", "NB Subnet/external204 Logical_Switch_Port row localnet", "NB Vpc/vpc1 NAT row nat/OvnFip/fip/v4"]);
    }

    [Fact]
    public async Task Without_ovn_northd_the_southbound_database_lacks_every_port()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status?.EnableExternal == true);
        await world.Controller.SettleAsync();

        DriftReport.Of(await world.SurveyAsync()).Select(drift => (drift.Database, drift.Owner, drift.What)).ShouldBe(
            ((string[])
            [
                "cr-vpc1-external204", "external204-vpc1", "inner-vpc1", "join-ovn-cluster", "localnet.external204", "node-gate", "node-worker",
                "ovn-cluster-join", "ovn-cluster-ovn-default", "ovn-default-ovn-cluster", "vpc1-external204", "vpc1-inner", "web.default",
            ]).Select(port => ("SB", port, "Port_Binding is missing")));
    }
}
