using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Api;
using Sluice.Controller.Cleanup;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Cleanup;

/// <summary>Uninstalling the controller.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class CleanupScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task Our_rows_and_finalizers_go_and_everything_else_stays()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);
        await world.StopControllerAsync();
        await world.NbctlAsync("ls-add", "theirs", "--", "lb-add", "theirs", "10.0.0.1:80", "10.0.0.2:80");

        var (code, text) = await RunAsync(world, "cleanup");
        code.ShouldBe(1);
        text.ShouldContain("nothing was done; say --yes to do it");
        world.Northbound.Current.Owners().ShouldNotBeEmpty();

        (code, text) = await RunAsync(world, "cleanup", "--yes");

        code.ShouldBe(0);
        text.ShouldContain("rows of Vpc/vpc1");
        text.ShouldContain("released OvnFip eip-static");
        await world.EventuallyOwnsNothingAsync();
        world.Northbound.Current.ByName<LogicalSwitch>("theirs").ShouldNotBeNull();
        world.Northbound.Current.ByName<LoadBalancer>("theirs").ShouldNotBeNull();
        await NoneIsHeldAsync(world, SluiceResources.Vpcs);
        await NoneIsHeldAsync(world, SluiceResources.Subnets);
        await NoneIsHeldAsync(world, SluiceResources.Ips);
        await NoneIsHeldAsync(world, SluiceResources.Vips);
        await NoneIsHeldAsync(world, SluiceResources.OvnEips);
        await NoneIsHeldAsync(world, SluiceResources.OvnFips);
        await NoneIsHeldAsync(world, SluiceResources.OvnSnatRules);
        (await RunAsync(world, "cleanup", "--yes")).Text.Split('\n').Count(line => line.Length > 0).ShouldBe(1, "only the lease is waited for");
    }

    [Fact]
    public async Task A_router_with_somebody_elses_rule_stays_and_is_named()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1" } });
        await Eventually.HoldsAsync(() => world.Northbound.Current.ByName<LogicalRouter>("vpc1") is not null);
        await world.StopControllerAsync();
        await world.NbctlAsync("lr-nat-add", "vpc1", "snat", "10.0.0.1", "192.168.0.0/24");

        var (code, text) = await RunAsync(world, "cleanup", "--yes");

        code.ShouldBe(1);
        text.ShouldContain("Logical_Router vpc1 stays: 1 rows in it are not ours");
        world.Northbound.Current.All<Nat>().ShouldHaveSingleItem().Row.ExternalIp.ShouldBe("10.0.0.1");
    }

    [Fact]
    public async Task Finalizers_are_released_when_OVN_is_gone()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1", Finalizers = ["somebody.example/else"] } });
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Metadata.Finalizers!.Contains(Names.Finalizer));
        await world.StopControllerAsync();

        var (code, _) = await RunAsync(world, "cleanup", "--skip-ovn", "--yes", "--ovn-nb-addr=tcp:127.0.0.1:1");

        code.ShouldBe(0);
        (await world.Kube.GetAsync(SluiceResources.Vpcs, null, "vpc1")).Metadata.Finalizers.ShouldBe(["somebody.example/else"]);
        await world.Kube.PatchAsync(
            SluiceResources.Vpcs, null, "vpc1", Patch.Merge(new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["finalizers"] = null } }));
    }

    /// <summary>Runs the command as the program does, with the rights of the controller.</summary>
    private async Task<(int Code, string Text)> RunAsync(World world, params string[] args)
    {
        var command = CleanupOptions.Take([args[0], $"--ovn-nb-addr={world.Options.NorthboundAddress}", .. args[1..]], out var flags)!;
        var (options, _) = ControllerFlags.Parse(flags, _ => null);
        options = options with { Election = options.Election with { Identity = Guid.NewGuid().ToString() } };
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        await using var output = new StringWriter();
        var code = await new CleanupCommand(options, command, kube, NullLoggerFactory.Instance, TimeProvider.System, output).RunAsync(CancellationToken.None);
        return (code, output.ToString());
    }

    private static async Task NoneIsHeldAsync<T>(World world, ResourceType<T> type)
        where T : KubeObject =>
        (await world.Kube.ListAsync(type)).Items.Where(item => item.Metadata.Finalizers is { Count: > 0 }).Select(item => item.Metadata.Name).ShouldBeEmpty();
}
