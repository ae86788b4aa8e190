using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>The manifests of deploy/examples/seed, applied as they are.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class WalkthroughScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task The_walkthrough_shows_what_it_promises()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);

        var nb = world.Northbound.Current;
        nb.All<LogicalRouterPort>().Select(port => port.Row)
            .Where(port => port.ExternalIds["lr"] == "vpc1")
            .Select(port => (port.Name, port.Networks[0])).Order()
            .ShouldBe([("vpc1-external204", await AddressOfAsync(world, "vpc1-external204") + "/24"), ("vpc1-vpc1-subnet1", "192.168.0.1/24")]);
        nb.All<GatewayChassis>().Count(chassis => chassis.Row.Name.StartsWith("vpc1-external204-", StringComparison.Ordinal)).ShouldBe(3);
        nb.All<Nat>().Select(nat => (nat.Row.Type, nat.Row.ExternalIp, nat.Row.LogicalIp)).Order().ShouldBe(
            new[]
            {
                ("dnat_and_snat", await AddressOfAsync(world, "eip-static"), await PodAddressAsync(world, "vpc-1-busybox01")),
                ("dnat_and_snat", await AddressOfAsync(world, "eip-for-vip"), await VipAddressAsync(world, "test-fip-vip")),
                ("snat", await AddressOfAsync(world, "snat-for-subnet-in-vpc"), "192.168.0.0/24"),
                ("snat", await AddressOfAsync(world, "snat-for-pod-vpc-ip"), await PodAddressAsync(world, "vpc-1-busybox02")),
            }.Order());
        (await world.NbctlAsync("lr-route-list", "vpc1")).Split('\n').Last(line => line.Length > 0).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["0.0.0.0/0", "10.5.204.254", "dst-ip"]);

        await Idleness.WaitAsync(world, world.Controller);
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        world.Controller.ApiWrites.ShouldBe(0);
        world.Controller.Term.Northbound.Operations.ShouldBe(0, "a restart with nothing changed writes nothing");

        (await TableAsync("ofip", "eip-static"))[^3..].ShouldBe([await PodAddressAsync(world, "vpc-1-busybox01"), "true", "vpc-1-busybox01.vpc1"]);
        (await TableAsync("oeip", "eip-static"))[^2..].ShouldBe(["fip", "true"]);
        (await TableAsync("oeip", "snat-for-pod-vpc-ip"))[^2..].ShouldBe(["snat", "true"]);
        (await TableAsync("ip", "vpc-1-busybox01.vpc1"))[^2..].ShouldBe(["pc-node-2", "vpc1-subnet1"]);
    }

    [Fact]
    public async Task The_walkthrough_can_be_deleted_in_any_order()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var world = await World.StartAsync(server);
            await Walkthrough.ApplyAsync(server, world);
            var interruptions = seed == 3;

            var deletions = new List<Func<Task>>();
            await AddAsync(SluiceResources.OvnFips);
            await AddAsync(SluiceResources.OvnSnatRules);
            await AddAsync(SluiceResources.OvnEips);
            await AddAsync(SluiceResources.Vips);
            await AddAsync(SluiceResources.Vpcs);
            await AddAsync(SluiceResources.Subnets);
            await AddAsync(SluiceResources.Vlans);
            await AddAsync(SluiceResources.ProviderNetworks);
            await AddAsync(CoreResources.Nodes);
            await AddAsync(CoreResources.Pods, "vpc1");
            var order = deletions.ToArray();
            new Random(seed).Shuffle(order);
            foreach (var delete in order)
            {
                await delete();
                if (!interruptions) continue;
                await world.StopControllerAsync();
                await world.StartControllerAsync(settle: false);
            }


            // A controller that starts creates these again.
            await world.DeleteAsync(SluiceResources.Subnets, "ovn-default");
            await world.DeleteAsync(SluiceResources.Subnets, "join");
            await world.DeleteAsync(SluiceResources.Vpcs, "ovn-cluster");
            await world.EventuallyOwnsNothingAsync();
            await world.Controller.SettleAsync();
            await NoneLeftAsync(SluiceResources.OvnEips);
            await NoneLeftAsync(SluiceResources.Ips);
            await NoneLeftAsync(SluiceResources.Subnets);
            await NoneLeftAsync(SluiceResources.Vpcs);

            async Task AddAsync<T>(ResourceType<T> type, string? ns = null)
                where T : KubeObject
            {
                foreach (var item in (await world.Kube.ListAsync(type, new ListOptions { Namespace = ns })).Items)
                    deletions.Add(() => world.DeleteAsync(type, item.Metadata.Name, item.Metadata.Namespace));
            }

            async Task NoneLeftAsync<T>(ResourceType<T> type)
                where T : KubeObject => await Eventually.HoldsAsync(
                    async () => (await world.Kube.ListAsync(type)).Items.Count == 0,
                    () => $"{type}",
                    "none is left");
        }
    }

    [Fact]
    public async Task Of_64_FIPs_that_race_for_one_EIP_exactly_one_is_ready()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world, rules: false);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("contested"));

        await Parallel.ForEachAsync(Enumerable.Range(0, 64), async (i, _) =>
            await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip($"fip-{i:00}", "contested", $"vpc-1-busybox0{(i % 5) + 1}.vpc1")));
        for (var i = 0; i < 64; i++)
            await world.EventuallyAsync(SluiceResources.OvnFips, $"fip-{i:00}", fip => fip.Status?.Conditions is not null);
        await world.Controller.SettleAsync();

        var fips = (await world.Kube.ListAsync(SluiceResources.OvnFips)).Items;
        var ready = fips.Where(fip => fip.Status!.Ready == true).ShouldHaveSingleItem();
        ready.ShouldBe(fips.OrderBy(fip => (fip.Metadata.CreationTimestamp, fip.Metadata.Name)).First());
        fips.Count(fip => fip.Status!.Conditions.Find(ConditionTypes.Ready)!.Reason == "Conflict").ShouldBe(63);
        world.Northbound.Current.All<Nat>().ShouldHaveSingleItem().Row.ExternalIp.ShouldBe(await AddressOfAsync(world, "contested"));
    }

    /// <summary>The line that kubectl prints for an object, as words.</summary>
    private async Task<string[]> TableAsync(string kind, string name) =>
        (await server.KubectlAsync("get", kind, name, "--no-headers")).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<string> AddressOfAsync(World world, string eip) => (await world.Kube.GetAsync(SluiceResources.OvnEips, null, eip)).Status!.V4Ip!;

    private static async Task<string> VipAddressAsync(World world, string vip) => (await world.Kube.GetAsync(SluiceResources.Vips, null, vip)).Status!.V4ip!;

    private static async Task<string> PodAddressAsync(World world, string pod) =>
        (await world.Kube.GetAsync(SluiceResources.Ips, null, $"{pod}.vpc1")).Spec.V4IpAddress!;
}
