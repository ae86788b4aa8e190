using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Tests;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>What probes and metrics say is so.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class HealthScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task Metrics_are_as_documented_and_dashboards_ask_for_no_others()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("a"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("a", "a", "nobody"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "a", fip => fip.Status?.Ready == false);
        await world.Controller.SettleAsync();

        var text = PrometheusText.Parse(world.Controller.Metrics);

        text.Value("sluice_objects{kind=OvnFip,ready=False,reason=IPNotFound}").ShouldBe(1);
        text.Value("sluice_objects{kind=OvnEip,ready=True,reason=Allocated}").ShouldBe(1);
        text.Value("sluice_database_connected{database=southbound}").ShouldBe(1);
        text.Value("sluice_informer_synced{kind=OvnEip}").ShouldBe(1);
        text.Value("sluice_informer_last_event_age_seconds{kind=OvnEip}").ShouldBeGreaterThan(0);
        text.Value("sluice_northbound_rows_total{change=inserted,kind=Subnet}").ShouldBeGreaterThan(0);
        var repository = ApiServerFixture.Repository();
        string[] rows = [.. MetricsPage.Rows(repository, "## sluice-controller")];
        text.Families.Values.Where(family => !rows.Any(row => MetricsPage.Describes(row, family))).Select(family => family.ToString())
            .ShouldBeEmpty("docs/metrics.md does not describe them, or otherwise");
        rows.Length.ShouldBe(text.Families.Count);
        MetricsPage.Asked(repository).Where(name => !name.StartsWith("sluice_agent_", StringComparison.Ordinal)).Except(text.Families.Keys).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_that_somebody_changes_are_counted_as_repaired_and_those_nobody_owns_as_orphaned()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.NbctlAsync("set", "Logical_Switch", "external204", "other_config:exclude_ips=1.1.1.1");
        await world.NbctlAsync("ls-del", "join");
        await Eventually.HoldsAsync(
            () => Task.FromResult(PrometheusText.Parse(world.Controller.Metrics).Samples.GetValueOrDefault("sluice_northbound_rows_total{change=repaired,kind=Subnet}") > 0),
            () => world.Controller.Metrics);

        await world.StopControllerAsync();
        await world.DeleteAsync(SluiceResources.Subnets, "external204");
        await world.Kube.PatchAsync(SluiceResources.Subnets, null, "external204", Patch.Merge(new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["finalizers"] = null } }));
        await world.EventuallyGoneAsync(SluiceResources.Subnets, "external204");
        await world.StartControllerAsync();
        PrometheusText.Parse(world.Controller.Metrics).Value("sluice_northbound_rows_total{change=orphaned,kind=Subnet}").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_leader_without_its_database_is_alive_and_not_ready()
    {
        await using var world = await World.StartAsync(server);
        world.Controller.Host.NotReady.ShouldBeNull();

        await world.StopNorthboundAsync();
        await Eventually.HoldsAsync(() => world.Controller.Host.NotReady == "there is no connection to the northbound database");
        world.Controller.Host.NotAlive.ShouldBeNull();
        PrometheusText.Parse(world.Controller.Metrics).Value("sluice_database_connected{database=northbound}").ShouldBe(0);

        await world.RestartNorthboundAsync();
        await Eventually.HoldsAsync(() => world.Controller.Host.NotReady is null && world.Northbound.IsConnected);
    }

    [Fact]
    public async Task A_process_that_waits_to_be_elected_is_ready_and_one_that_was_without_a_database_is_not()
    {
        await using var world = await World.StartAsync(server);
        using var stop = new CancellationTokenSource();
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        var options = world.Options with { NorthboundAddress = "unix:/nonexistent", Election = world.Options.Election with { Identity = "standby", RetryPeriod = TimeSpan.FromMilliseconds(100) } };
        var standby = new ControllerHost(options, kube, NullLoggerFactory.Instance, TimeProvider.System);
        standby.NotReady.ShouldBe("the API server has not answered yet");
        var running = standby.RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => standby.NotReady is null);
        standby.Term.ShouldBeNull();
        PrometheusText.Parse(standby.Metrics.ToString()).Value("sluice_leader{}").ShouldBe(0);

        await world.StopControllerAsync();
        await Eventually.HoldsAsync(() => standby.NotReady == "there is no connection to the northbound database");
        standby.NotAlive.ShouldBeNull();
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_process_that_the_API_server_does_not_answer_is_alive_and_not_ready()
    {
        using var stop = new CancellationTokenSource();
        using var kube = new KubeClient(new KubeConfig { Server = new Uri("https://127.0.0.1:1") });
        var host = new ControllerHost(new(), kube, NullLoggerFactory.Instance, TimeProvider.System);
        var running = host.RunAsync(stop.Token);

        host.NotReady.ShouldBe("the API server has not answered yet");
        host.NotAlive.ShouldBeNull();
        var cluster = new Cluster(kube, new(), NullLoggerFactory.Instance, TimeProvider.System);
        cluster.Followed.ShouldAllBe(kind => !kind.HasSynced && kind.Silence == null);
        await stop.CancelAsync();
        await running;
    }
}
