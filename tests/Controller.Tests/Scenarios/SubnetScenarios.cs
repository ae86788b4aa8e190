using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Scenarios;

[Collection(ScenarioCollection.Name)]
public sealed class SubnetScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task A_cluster_begins_with_the_default_VPC_and_its_subnets()
    {
        await using var world = await World.StartAsync(server);

        (await world.Kube.GetAsync(SluiceResources.Vpcs, null, "ovn-cluster")).Metadata.IsDeleting.ShouldBeFalse();
        var pods = await world.Kube.GetAsync(SluiceResources.Subnets, null, "ovn-default");
        pods.Spec.ShouldBe(new SubnetSpec
        {
            Default = true,
            Vpc = "ovn-cluster",
            Protocol = SubnetProtocols.IPv4,
            CidrBlock = "10.16.0.0/16",
            Gateway = "10.16.0.1",
            ExcludeIps = ["10.16.0.1"],
            Provider = "ovn",
            GatewayType = GatewayTypes.Distributed,
            NatOutgoing = true,
            DisableGatewayCheck = false,
            LogicalGateway = false,
            EnableLb = true,
        });
        var join = await world.Kube.GetAsync(SluiceResources.Subnets, null, "join");
        (join.Spec.CidrBlock, join.Spec.DisableInterConnection, join.Spec.GatewayType).ShouldBe(("100.64.0.0/16", true, null));
        world.Northbound.Current.All<LogicalSwitch>().Select(stored => stored.Row.Name).ShouldBe(["ovn-default", "join"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_underlay_subnet_reaches_its_VLAN_and_follows_it()
    {
        await using var world = await World.StartAsync(server);

        // The other way round: nothing that is named exists yet.
        await world.CreateAsync(SluiceResources.Subnets, Objects.ExternalSubnet);
        var refused = await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status?.Conditions is not null);
        refused.Status!.Conditions.Find(ConditionTypes.Ready)!.Message.ShouldBe("spec.vlan: Vlan \"vlan204\" does not exist");
        await world.CreateAsync(SluiceResources.Vlans, Objects.Vlan);
        await world.CreateAsync(SluiceResources.ProviderNetworks, Objects.ProviderNetwork);
        await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status!.Conditions.IsTrue(ConditionTypes.Ready));

        var localnet = world.Port("localnet.external204")!;
        (localnet.Type, localnet.Tag, localnet.Options["network_name"]).ShouldBe(("localnet", 204, "external204"));
        await world.EventuallyAsync(SluiceResources.Vlans, "vlan204", vlan => vlan.Status is { Conflict: false } && vlan.Status.Subnets!.Contains("external204"));
        await world.EventuallyAsync(SluiceResources.ProviderNetworks, "external204", network => network.Status?.Vlans?.Contains("vlan204") == true);

        await world.ChangeAsync(SluiceResources.Vlans, "vlan204", vlan => vlan with { Spec = vlan.Spec with { Id = 205 } });
        await Eventually.HoldsAsync(() => world.Port("localnet.external204")!.Tag == 205);

        // What is in use stays until it is not.
        await world.DeleteAsync(SluiceResources.Vlans, "vlan204");
        await world.DeleteAsync(SluiceResources.ProviderNetworks, "external204");
        await KeptAsync(SluiceResources.Vlans, "vlan204", "Subnet external204");
        await KeptAsync(SluiceResources.ProviderNetworks, "external204", "Vlan vlan204");
        await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status!.Conditions.IsTrue(ConditionTypes.Ready));
        await world.DeleteAsync(SluiceResources.Subnets, "external204");
        await world.EventuallyGoneAsync(SluiceResources.Vlans, "vlan204");
        await world.EventuallyGoneAsync(SluiceResources.ProviderNetworks, "external204");

        Task KeptAsync<T>(ResourceType<T> type, string name, string user)
            where T : KubeObject, IHasStatus => world.EventuallyAsync(
                type, name, item => item.Metadata.IsDeleting && item.Status!.Conditions.Find(ConditionTypes.Ready)?.Message == $"to be deleted once it is no longer used by {user}");
    }

    [Fact]
    public async Task A_Vlan_that_is_taken_away_by_force_does_not_take_the_network_away_from_who_uses_it()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);

        await world.DeleteAsync(SluiceResources.Vlans, "vlan204");
        await server.KubectlAsync("patch", "vlan", "vlan204", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
        await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => !subnet.Status!.Conditions.IsTrue(ConditionTypes.Ready));
        world.Port("localnet.external204").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_subnet_that_can_not_work_says_why_and_is_not_tried_again_until_something_changes()
    {
        await using var world = await World.StartAsync(server);

        // Created within the same second, the smaller name counts as the older object.
        await world.CreateAsync(SluiceResources.Subnets, Subnet("twin", "10.16.5.0/24"));
        var refused = await world.EventuallyAsync(SluiceResources.Subnets, "twin", subnet => subnet.Status?.Conditions is not null);
        refused.Status!.Conditions.Find(ConditionTypes.Validated)!.Message
            .ShouldBe("spec.cidrBlock: 10.16.5.0/24 overlaps 10.16.0.0/16 of the older Subnet ovn-default");
        await world.Controller.SettleAsync();
        var before = Reconciles(world);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Reconciles(world).ShouldBe(before, "a key that can not succeed rests");
        var events = await world.Kube.ListAsync(CoreResources.Events, new ListOptions { Namespace = "default" });
        events.Items.Where(told => told.InvolvedObject.Name == "twin" && told.InvolvedObject.Uid == refused.Metadata.Uid)
            .Select(told => (told.Type, told.Reason)).Distinct().ShouldBe([("Warning", "ValidateLogicalSwitchFailed")]);

        await world.ChangeAsync(SluiceResources.Subnets, refused.Metadata.Name, subnet => subnet with { Spec = subnet.Spec with { CidrBlock = "10.17.5.0/24" } });
        var ready = await world.EventuallyAsync(SluiceResources.Subnets, "twin", subnet => subnet.Status!.Conditions.IsTrue(ConditionTypes.Ready));
        ready.Spec.Gateway.ShouldBe("10.17.5.1");
    }

    [Fact]
    public async Task A_subnet_stays_until_nobody_has_an_address_of_it()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(SluiceResources.Subnets, Subnet("small", "10.17.5.0/29"));
        await world.CreateAsync(SluiceResources.Vips, new Vip { Metadata = new() { Name = "vip" }, Spec = new() { Subnet = "small" } });
        await world.EventuallyAsync(SluiceResources.Vips, "vip", vip => vip.Status is { Ready: true, V4ip: "10.17.5.2" });

        await world.DeleteAsync(SluiceResources.Subnets, "small");
        await world.EventuallyAsync(SluiceResources.Subnets, "small", subnet =>
            subnet.Status?.Conditions.Find(ConditionTypes.Ready) is { Reason: "InUse", Message: "to be deleted once it is no longer used by Vip vip" });
        world.Northbound.Current.ByName<LogicalSwitch>("small").ShouldNotBeNull();
        await world.DeleteAsync(SluiceResources.Vips, "vip");
        await world.EventuallyGoneAsync(SluiceResources.Subnets, "small");
        world.Northbound.Current.ByName<LogicalSwitch>("small").ShouldBeNull();
    }

    /// <summary>How often keys of each kind were worked on.</summary>
    private static string[] Reconciles(World world) =>
        [.. world.Controller.Metrics.Split('\n').Where(line => line.StartsWith("sluice_reconcile_total", StringComparison.Ordinal))];

    [Fact]
    public async Task Everything_can_be_deleted_in_any_order()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var world = await World.StartAsync(server);
            await world.CreateExternalNetworkAsync();
            await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-1", "172.18.0.2"));
            await world.CreateAsync(SluiceResources.Subnets, Subnet("more", "10.17.0.0/24"));
            await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip"));
            await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("pc-node-1") with { Spec = new() { Type = EipTypes.Lsp } });
            await world.CreateAsync(SluiceResources.Vips, new Vip { Metadata = new() { Name = "vip" }, Spec = new() { Subnet = "more", Namespace = "default" } });
            await world.CreateAsync(CoreResources.Pods, Objects.Pod("web", "pc-node-1"));
            await world.EventuallyAsync(CoreResources.Pods, "web", pod => pod.Metadata.Annotation(PodAnnotations.Default.Routed) == "true", "default");
            await world.EventuallyAsync(SluiceResources.Vips, "vip", vip => vip.Status?.Ready == true);
            await Eventually.HoldsAsync(() => world.Port("pc-node-1") is not null);

            Func<Task>[] deletions =
            [
                () => world.DeleteAsync(SluiceResources.ProviderNetworks, "external204"),
                () => world.DeleteAsync(SluiceResources.Vlans, "vlan204"),
                () => world.DeleteAsync(SluiceResources.Subnets, "external204"),
                () => world.DeleteAsync(SluiceResources.Subnets, "more"),
                () => world.DeleteAsync(SluiceResources.Subnets, "ovn-default"),
                () => world.DeleteAsync(SluiceResources.Subnets, "join"),
                () => world.DeleteAsync(SluiceResources.OvnEips, "eip"),
                () => world.DeleteAsync(SluiceResources.OvnEips, "pc-node-1"),
                () => world.DeleteAsync(SluiceResources.Vips, "vip"),
                () => world.DeleteAsync(SluiceResources.Ips, "web.default"),
                () => world.DeleteAsync(CoreResources.Pods, "web", "default"),
                () => world.DeleteAsync(CoreResources.Nodes, "pc-node-1"),
                () => world.DeleteAsync(SluiceResources.Vpcs, "ovn-cluster"),
            ];
            new Random(seed).Shuffle(deletions);
            foreach (var delete in deletions) await delete();

            foreach (var subnet in (string[])["external204", "more", "ovn-default", "join"])
                await world.EventuallyGoneAsync(SluiceResources.Subnets, subnet);
            await world.EventuallyOwnsNothingAsync();
        }
    }

    private static Subnet Subnet(string name, string cidr) => new() { Metadata = new() { Name = name }, Spec = new() { CidrBlock = cidr } };
}
