using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Ko.Explaining;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Ko.Tests.Explaining;

/// <summary>What is printed first when one thing is wrong, although much else does not work because of it.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class BrokenSetups(ApiServerFixture server)
{
    [Fact]
    public async Task Eip_in_an_unknown_subnet()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("lost", subnet: "nowhere"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "lost", eip => eip.Status?.Conditions is not null);

        First((await world.ExplainerAsync()).Eip("lost")).ShouldBe(
            """OvnEip lost does not work: Subnet "nowhere" does not exist; spec.externalSubnet of OvnEip "lost" names it""");
    }

    [Fact]
    public async Task Subnet_with_an_unknown_vlan()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(SluiceResources.Subnets, Objects.ExternalSubnet);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "eip", eip => eip.Status?.V4Ip is not null);

        First((await world.ExplainerAsync()).Eip("eip")).ShouldBe(
            """OvnEip eip does not work: Vlan "vlan204" does not exist; spec.vlan of Subnet "external204" names it""");
    }

    [Fact]
    public async Task Provider_network_that_is_not_ready_on_the_node_of_the_pod()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.Kube.PatchAsync(CoreResources.Nodes, null, Town.Worker, Patch.Merge(new()
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { [Names.Labels.ProviderNetworkReady("external204")] = null },
                ["annotations"] = new JsonObject { [Names.Annotations.ProviderNetworkError("external204")] = "there is no NIC vlan" },
            },
        }));

        First((await world.ExplainerAsync()).Fip("fip")).ShouldBe(
            "OvnFip fip does not work: bridge br-external204 does not work on Node worker: there is no NIC vlan");
    }

    [Fact]
    public async Task Vpc_without_a_gateway_node()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.Kube.PatchAsync(CoreResources.Nodes, null, Town.Gateway, Patch.Merge(new()
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [Names.Labels.ExternalGateway] = null } },
        }));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == false);

        First((await world.ExplainerAsync()).Fip("fip")).ShouldBe(
            "OvnFip fip does not work: no node has the label ovn.kubernetes.io/external-gw=true");
    }

    [Fact]
    public async Task Vpc_that_is_not_connected()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.Kube.PatchAsync(SluiceResources.Vpcs, null, "vpc1", Patch.Merge(new()
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Names.Annotations.AllowDisruption] = "true" } },
            ["spec"] = new JsonObject { ["enableExternal"] = null },
        }));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == false);

        First((await world.ExplainerAsync()).Fip("fip")).ShouldBe(
            """OvnFip fip does not work: Vpc "vpc1" is not connected to Subnet "external204": spec.enableExternal is not true""");
    }

    [Fact]
    public async Task Fip_with_an_unknown_eip()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "nobody", "web.default"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == false);

        First((await world.ExplainerAsync()).Fip("fip")).ShouldBe(
            """OvnFip fip does not work: OvnEip "nobody" does not exist; spec.ovnEip of OvnFip "fip" names it""");
    }

    [Fact]
    public async Task Fip_that_wants_what_an_older_one_has()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("a-first");
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("b-second", "a-first", "web.default"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "b-second", fip => fip.Status?.Ready == false);

        First((await world.ExplainerAsync()).Fip("b-second")).ShouldBe(
            """OvnFip b-second does not work: spec.ovnEip: OvnEip "a-first" is taken by OvnFip "a-first", which came first""");
    }

    [Fact]
    public async Task Pod_without_an_address()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.DeleteAsync(CoreResources.Pods, "web", "default");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "web.default");
        await world.CreateAsync(CoreResources.Pods, Town.Web(subnet: "outer"));
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("fip"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "fip", "web.default"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == false);
        await world.EventuallyAsync(SluiceResources.OvnEips, "fip", eip => eip.Status?.V4Ip is not null);

        const string Cause = """Pod default/web has no address: ovn.kubernetes.io/logical_switch: Subnet "outer" does not exist""";
        var explainer = await world.ExplainerAsync();
        First(explainer.Fip("fip")).ShouldBe($"OvnFip fip does not work: {Cause}");
        First(explainer.Pod(new("default", "web"))).ShouldBe($"Pod default/web does not work: {Cause}");
    }

    [Fact]
    public async Task Northbound_row_that_somebody_edited_while_no_controller_ran()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.StopControllerAsync();
        await world.NbctlAsync("set", "NAT", (await world.NbctlAsync("--bare", "--columns=_uuid", "find", "NAT")).Trim(), "logical_ip=192.168.0.77");

        First((await world.ExplainerAsync()).Fip("fip")).ShouldStartWith(
            "OvnFip fip does not work: NAT row nat/OvnFip/fip/v4: logical_ip is 192.168.0.77, should be 192.168.0.2; no controller leads, so nothing is repaired");
    }

    [Fact]
    public async Task Northbound_row_that_is_missing_while_no_controller_runs()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.StopControllerAsync();
        await world.NbctlAsync("lr-nat-del", "vpc1");

        First((await world.ExplainerAsync()).Fip("fip")).ShouldStartWith("OvnFip fip does not work: NAT row nat/OvnFip/fip/v4 is missing (");
    }

    [Fact]
    public async Task Gateway_node_whose_chassis_is_down()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");
        await world.SbctlAsync("chassis-del", $"chassis-{Town.Gateway}");

        First((await world.ExplainerAsync()).Fip("fip")).ShouldBe(
            "OvnFip fip does not work: chassis chassis-gate of gateway Node gate is not in the southbound database: its ovn-controller is down");
    }

    [Fact]
    public async Task Without_ovn_northd_everything_up_to_the_southbound_database_is_in_order()
    {
        await using var world = await World.StartAsync(server);
        await world.BuildAsync();
        await world.CreateFipAsync("fip");

        var explanation = (await world.ExplainerAsync()).Fip("fip");

        explanation.Path.Where(step => step.State != StepState.Ok).Select(step => step.ToString()).ShouldBe(
        [
            new Step(Layer.Southbound, "Port_Binding", "web.default", StepState.Broken, "ovn-northd knows no port web.default: it is down, or has not come to it yet").ToString(),
        ]);
        explanation.Path.Select(step => step.Kind).ShouldBe(
        [
            "OvnEip", "Subnet", "Vlan", "ProviderNetwork", "Vpc", "Node", "OvnFip", "Pod", "Subnet", "IP", "Lease", "Northbound", "Northbound", "Port_Binding",
        ]);
    }

    private static string First(Explanation explanation) => Town.FirstLine(explanation);
}
