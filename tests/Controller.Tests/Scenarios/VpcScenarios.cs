using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Scenarios;

[Collection(ScenarioCollection.Name)]
public sealed class VpcScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task Rules_become_ready_when_everything_they_need_comes_after_them()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "eip-fip", "a.vpc1"));
        await world.CreateAsync(SluiceResources.OvnFips, VipFip);
        await world.CreateAsync(SluiceResources.OvnSnatRules, SubnetSnat);
        await world.CreateAsync(SluiceResources.OvnDnatRules, Dnat("dnat", "eip-dnat", "b.vpc1"));
        var waiting = await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status is not null);
        Ready(waiting.Status).ShouldBe((ConditionStatus.False, "IPNotFound", "spec.ipName: IP \"a.vpc1\" does not exist; a pod's is POD.NAMESPACE, a virtual machine's that of its launcher pod"));
        waiting.Metadata.Finalizers.ShouldBeNull();

        foreach (var ip in (string[])["a.vpc1", "b.vpc1"]) await world.CreateAsync(SluiceResources.Ips, Reservation(ip));
        await world.CreateAsync(SluiceResources.Vips, new Vip { Metadata = new() { Name = "vip" }, Spec = new() { Subnet = "inner" } });
        foreach (var eip in (string[])["eip-fip", "eip-vip", "eip-snat", "eip-dnat"])
            await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip(eip));
        await world.CreateAsync(SluiceResources.Subnets, InnerSubnet);
        await world.CreateAsync(SluiceResources.Vpcs, ConnectedVpc);
        await world.CreateExternalNetworkAsync();
        await world.EventuallyAsync(SluiceResources.OvnSnatRules, "snat", rule => Ready(rule.Status).Reason == "NoGatewayNode");
        (await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status is not null)).Status!.EnableExternal.ShouldBe(false);
        await world.CreateAsync(CoreResources.Nodes, GatewayNode("pc-node-1", "chassis-1"));

        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status is { Ready: true, Vpc: "vpc1" });
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip-vip", fip => fip.Status?.Ready == true);
        await world.EventuallyAsync(SluiceResources.OvnSnatRules, "snat", rule => rule.Status is { Ready: true, V4IpCidr: "192.168.0.0/24" });
        await world.EventuallyAsync(SluiceResources.OvnDnatRules, "dnat", rule => rule.Status is { Ready: true, Protocol: "tcp" });
        var vpc = await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
        vpc.Status!.EnableExternal.ShouldBe(true);
        vpc.Status.Subnets.ShouldBe(["inner"]);

        var nb = world.Northbound.Current;
        nb.All<LogicalRouterPort>().Select(port => port.Row.Name).ShouldContain("vpc1-external204");
        nb.All<LogicalSwitchPort>().Select(port => port.Row.Name).ShouldContain("external204-vpc1");
        nb.All<GatewayChassis>().ShouldHaveSingleItem().Row.Name.ShouldBe("vpc1-external204-chassis-1");
        nb.All<Nat>().Select(nat => nat.Row.Type).Order().ShouldBe(["dnat_and_snat", "dnat_and_snat", "snat"]);
        nb.All<LoadBalancer>().ShouldHaveSingleItem().Row.Name.ShouldBe("dnat");
        (await world.EventuallyAsync(SluiceResources.OvnEips, "eip-dnat", eip => eip.Status?.Nat == "dnat")).Status!.Use.ShouldBe("dnat");
    }

    [Fact]
    public async Task Deleting_everything_at_once_leaves_nothing()
    {
        await using var world = await World.StartAsync(server);
        await CreateWalkthroughAsync(world);
        await world.EventuallyAsync(SluiceResources.OvnDnatRules, "dnat", rule => rule.Status?.Ready == true);

        await world.DeleteAsync(SluiceResources.Vpcs, "vpc1");
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => Ready(vpc.Status).Reason == "InUse");
        await world.DeleteAsync(SluiceResources.OvnEips, "eip-dnat");
        await world.DeleteAsync(SluiceResources.OvnEips, "eip-fip");
        await world.DeleteAsync(SluiceResources.Subnets, "inner");
        await world.DeleteAsync(SluiceResources.Ips, "a.vpc1");
        await world.DeleteAsync(SluiceResources.OvnFips, "fip");
        await world.DeleteAsync(SluiceResources.OvnDnatRules, "dnat");
        await world.DeleteAsync(SluiceResources.Subnets, "external204");

        await world.EventuallyGoneAsync(SluiceResources.OvnFips, "fip");
        await world.EventuallyGoneAsync(SluiceResources.OvnDnatRules, "dnat");
        await world.EventuallyGoneAsync(SluiceResources.Vpcs, "vpc1");
        await world.EventuallyGoneAsync(SluiceResources.OvnEips, "vpc1-external204");
        await world.EventuallyGoneAsync(SluiceResources.OvnEips, "eip-dnat");
        await world.EventuallyGoneAsync(SluiceResources.Subnets, "external204");
        await world.Controller.SettleAsync();
        world.Northbound.Current.Owns(Keys.Vpc("vpc1")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_FIP_waits_until_the_first_lets_go()
    {
        await using var world = await World.StartAsync(server);
        await CreateWalkthroughAsync(world);
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == true);

        await world.CreateAsync(SluiceResources.Ips, Reservation("b.vpc1"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("second", "eip-fip", "b.vpc1"));
        var second = await world.EventuallyAsync(SluiceResources.OvnFips, "second", fip => Ready(fip.Status).Reason == "Conflict");
        Ready(second.Status).Message.ShouldBe("spec.ovnEip: OvnEip \"eip-fip\" is taken by OvnFip \"fip\", which came first");
        await Eventually.HoldsAsync(async () => (await world.Kube.ListAsync(CoreResources.Events)).Items
            .Any(e => e is { Reason: "Conflict", InvolvedObject.Name: "second" }), () => "no event");

        var version = world.Northbound.Current.Version;
        await world.DeleteAsync(SluiceResources.OvnFips, "fip");
        await world.EventuallyAsync(SluiceResources.OvnFips, "second", fip => fip.Status?.Ready == true);
        world.Northbound.Current.All<Nat>().ShouldHaveSingleItem().Row.LogicalIp.ShouldBe("192.168.0.3");
        world.Northbound.Current.Version.ShouldBe(version + 1, "one row goes and the other comes in one transaction");
    }

    [Fact]
    public async Task A_FIP_follows_its_target_and_its_rows_are_repaired()
    {
        await using var world = await World.StartAsync(server);
        await CreateWalkthroughAsync(world);
        await world.CreateAsync(SluiceResources.Ips, Reservation("b.vpc1"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.V4Ip == "192.168.0.2");

        await world.Kube.PatchAsync(SluiceResources.OvnFips, null, "fip", Patch.Merge(new() { ["spec"] = new JsonObject { ["ipName"] = "b.vpc1" } }));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.V4Ip == "192.168.0.3");
        var moved = world.Northbound.Current.All<Nat>().ShouldHaveSingleItem();
        (moved.Row.LogicalIp, moved.Row.LogicalPort).ShouldBe(("192.168.0.3", "b.vpc1"));

        await world.Northbound.CommitAsync(
            Keys.Vpc("vandal"), [new Ovsdb.Update("NAT", [Ovsdb.Condition.Uuid(moved.Uuid)], [new("logical_ip", Ovsdb.Value.Of("192.168.0.66"))])], default);
        await Eventually.HoldsAsync(() => world.Northbound.Current.All<Nat>().Single().Row.LogicalIp == "192.168.0.3");
    }

    [Fact]
    public async Task A_burst_of_rules_takes_few_transactions_and_a_restart_none()
    {
        const int Rules = 200;
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(CoreResources.Nodes, GatewayNode("pc-node-1", "chassis-1"));
        await world.CreateAsync(SluiceResources.Vpcs, ConnectedVpc);
        await world.CreateAsync(SluiceResources.Subnets, InnerSubnet);
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status?.EnableExternal == true);

        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip"));
        var (writes, version) = (world.Controller.ApiWrites, world.Northbound.Current.Version);
        await Parallel.ForEachAsync(Enumerable.Range(1, Rules), async (port, _) =>
            await world.CreateAsync(SluiceResources.OvnDnatRules, Forward($"rule-{port:000}", "eip", "192.168.0.9", port)));
        for (var port = 1; port <= Rules; port++)
            await world.EventuallyAsync(SluiceResources.OvnDnatRules, $"rule-{port:000}", rule => rule.Status?.Ready == true);

        await world.Controller.SettleAsync();
        world.Northbound.Current.All<LoadBalancer>().Count().ShouldBe(Rules);
        (world.Northbound.Current.Version - version).ShouldBeLessThan(Rules / 4);
        // For each rule its finalizer with the labels, and its status; and what the OvnEip and the Subnet have to say.
        (world.Controller.ApiWrites - writes).ShouldBeInRange(2 * Rules, 2 * Rules + 20);

        await world.StopControllerAsync();
        version = world.Northbound.Current.Version;
        await world.StartControllerAsync();
        world.Controller.ApiWrites.ShouldBe(0);
        world.Northbound.Current.Version.ShouldBe(version);
    }

    private static async Task CreateWalkthroughAsync(World world)
    {
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(CoreResources.Nodes, GatewayNode("pc-node-1", "chassis-1"));
        await world.CreateAsync(SluiceResources.Vpcs, ConnectedVpc);
        await world.CreateAsync(SluiceResources.Subnets, InnerSubnet);
        await world.CreateAsync(SluiceResources.Ips, Reservation("a.vpc1"));
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip-fip"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "eip-fip", "a.vpc1"));
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip-dnat"));
        await world.CreateAsync(SluiceResources.OvnDnatRules, Dnat("dnat", "eip-dnat", "a.vpc1"));
    }

    private static Vpc ConnectedVpc => new() { Metadata = new() { Name = "vpc1" }, Spec = new() { EnableExternal = true } };

    private static Subnet InnerSubnet => new() { Metadata = new() { Name = "inner" }, Spec = new() { CidrBlock = "192.168.0.0/24", Vpc = "vpc1" } };

    private static OvnFip VipFip => new()
    {
        Metadata = new() { Name = "fip-vip" },
        Spec = new() { OvnEip = "eip-vip", IpName = "vip", IpType = IpTypes.Vip },
    };

    private static OvnSnatRule SubnetSnat => new() { Metadata = new() { Name = "snat" }, Spec = new() { OvnEip = "eip-snat", VpcSubnet = "inner" } };

    private static Ip Reservation(string name) => new() { Metadata = new() { Name = name }, Spec = new() { Subnet = "inner" } };

    private static OvnDnatRule Dnat(string name, string eip, string ip) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { OvnEip = eip, IpName = ip, Protocol = "tcp", ExternalPort = "22", InternalPort = "22" },
    };

    private static OvnDnatRule Forward(string name, string eip, string address, int port) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { OvnEip = eip, Vpc = "vpc1", V4Ip = address, Protocol = "tcp", ExternalPort = $"{port}", InternalPort = "80" },
    };

    private static Node GatewayNode(string name, string chassis) => new()
    {
        Metadata = new()
        {
            Name = name,
            Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
            Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = chassis },
        },
    };

    private static (string? Status, string? Reason, string? Message) Ready(ResourceStatus? status)
    {
        var ready = status?.Conditions.Find(ConditionTypes.Ready);
        return (ready?.Status, ready?.Reason, ready?.Message);
    }
}
