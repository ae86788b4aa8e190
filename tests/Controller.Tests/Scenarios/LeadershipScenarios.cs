using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

[Collection(ScenarioCollection.Name)]
public sealed class LeadershipScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task Another_controller_takes_over_when_the_first_one_stops()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        var election = world.Options.Election with { Identity = "second", RetryPeriod = TimeSpan.FromMilliseconds(200) };
        var starting = RunningController.StartAsync(world.Options with { Election = election }, server.ControllerKubeConfig);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("a"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "a", eip => eip.Status?.Ready == true);
        starting.IsCompleted.ShouldBeFalse("one leads at a time");
        await world.Controller.SettleAsync();

        await world.StopControllerAsync();
        await using var second = await starting;
        var lease = await world.Kube.GetAsync(CoreResources.Leases, "kube-system", "kube-ovn-controller");
        lease.Spec.HolderIdentity.ShouldBe("second");
        second.ApiWrites.ShouldBe(0);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("b"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "b", eip => eip.Status is { Ready: true, V4Ip: "10.5.204.102" });
    }

    [Fact]
    public async Task The_database_may_go_away_and_come_back()
    {
        await using var world = await World.StartAsync(server);
        await world.RestartNorthboundAsync();

        await world.CreateAsync(CoreResources.Pods, Objects.Pod("web"));
        await world.EventuallyAsync(CoreResources.Pods, "web", pod => pod.Metadata.Annotation(PodAnnotations.Default.Allocated) == "true", "default");
        await Eventually.HoldsAsync(() => world.Port("web.default") is not null);
    }

    [Fact]
    public async Task The_ConfigMap_labels_gateway_nodes_and_leaves_labels_of_others_alone()
    {
        await using var world = await World.StartAsync(server);
        var byHand = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" };
        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-1", "172.18.0.1"));
        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-2", "172.18.0.2"));
        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-3", "172.18.0.3", byHand));

        var map = await world.CreateAsync(CoreResources.ConfigMaps, new ConfigMap
        {
            Metadata = new() { Name = ExternalGatewayConfig.Name, Namespace = "kube-system" },
            Data = new Dictionary<string, string> { [ExternalGatewayConfig.Type] = "centralized", [ExternalGatewayConfig.Nodes] = "pc-node-1, pc-node-2" },
        });
        await LabelsAsync("true", "true", "true");

        await world.Kube.ReplaceAsync(CoreResources.ConfigMaps, map with
        {
            Data = new Dictionary<string, string> { [ExternalGatewayConfig.Type] = "centralized", [ExternalGatewayConfig.Nodes] = "pc-node-2" },
        });
        await LabelsAsync("false", "true", "true");
        await world.DeleteAsync(CoreResources.ConfigMaps, ExternalGatewayConfig.Name, "kube-system");
        await LabelsAsync("false", "false", "true");

        async Task LabelsAsync(params string[] labels)
        {
            for (var i = 0; i < labels.Length; i++)
                await world.EventuallyAsync(CoreResources.Nodes, $"pc-node-{i + 1}", node => node.Metadata.Label(Names.Labels.ExternalGateway) == labels[i]);
        }
    }
}
