using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>A live subnet gets a family more, and gives it up again.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class DualStackScenarios(ApiServerFixture server)
{
    private const string V4 = "10.16.0.0/16", V4Gateway = "10.16.0.1", V6 = "fd00:10:16::/64", V6Gateway = "fd00:10:16::1";

    [Fact]
    public async Task Pods_that_run_keep_to_the_families_that_they_were_given()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-1", "172.18.0.2"));
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("early", "pc-node-1"));
        await world.EventuallyAllocatedAsync("early");
        var (ip, port) = (await IpAsync(world, "early"), world.Port("early.default"));

        await EditAsync(world, $"{V4},{V6}", $"{V4Gateway},{V6Gateway}");
        await AcceptedAsync(world, $"{V4},{V6}");
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("late", "pc-node-1"));
        await world.EventuallyAllocatedAsync("late");

        (await IpAsync(world, "late")).Spec.V6IpAddress.ShouldStartWith("fd00:10:16::");
        await UnchangedAsync();
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        await UnchangedAsync();

        // Who has an address of the family keeps it.
        await EditAsync(world, V4, V4Gateway);
        await world.EventuallyAsync(SluiceResources.Subnets, "ovn-default", subnet =>
            subnet.Status?.Conditions.Find(ConditionTypes.Validated)?.Message?.EndsWith("no longer gives the addresses of IP late.default", StringComparison.Ordinal) == true);
        await world.DeleteAsync(CoreResources.Pods, "late", "default");
        await AcceptedAsync(world, V4);
        await UnchangedAsync();

        async Task UnchangedAsync()
        {
            (await IpAsync(world, "early")).Spec.ShouldBe(ip.Spec);
            world.Port("early.default").ShouldBe(port);
        }
    }

    private static Task<Ip> IpAsync(World world, string pod) => world.Kube.GetAsync(SluiceResources.Ips, null, $"{pod}.default");

    private static Task EditAsync(World world, string cidr, string gateway) => world.ChangeAsync(
        SluiceResources.Subnets,
        "ovn-default",
        subnet => subnet with { Spec = subnet.WrittenSpec with { CidrBlock = cidr, Gateway = gateway, ExcludeIps = null } });

    private static Task AcceptedAsync(World world, string cidr) =>
        world.EventuallyAsync(SluiceResources.Subnets, "ovn-default", subnet => subnet.Status?.Accepted?.CidrBlock == cidr);
}
