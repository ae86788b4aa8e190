using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Ovn.Northbound;
using Sluice.Tests.Adoption;

namespace Sluice.Controller.Tests.Adoption;

/// <summary>A cluster that Kube-OVN looked after until now.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class AdoptionScenarios(ApiServerFixture server)
{
    [Theory]
    [InlineData(nameof(KubeOvnRelease.V1_12))]
    [InlineData(nameof(KubeOvnRelease.V1_17))]
    public async Task Its_rows_become_ours_in_place(string release)
    {
        await using var world = await World.StartAsync(server);
        await ApplyAsync(world);
        await KubeOvnHandOver.RunAsync(world, Enum.Parse<KubeOvnRelease>(release), rows => rows.Add("BFD", ("logical_port", "vpc1-external204"), ("dst_ip", "10.5.204.254")));
        await EnableBfdAsync(world);
        var before = NorthboundRows.Of(world.Northbound.Current);
        before.ShouldAllBe(row => row.Owner == null);

        await world.StartControllerAsync();

        var after = NorthboundRows.Of(world.Northbound.Current);
        after.ShouldAllBe(row => row.Owner != null);
        before.Where(row => after.All(kept => kept.Uuid != row.Uuid)).Select(row => row.What).ShouldBe(
            release == nameof(KubeOvnRelease.V1_17) ? ["Logical_Router_Static_Route src-ip 192.168.0.0/24 192.168.0.1"] : [],
            "nothing else was removed, or removed and created again");
        after.Where(row => before.All(old => old.Uuid != row.Uuid)).Select(row => row.What)
            .ShouldAllBe(what => what.StartsWith("Logical_Router_Policy 29500 ", StringComparison.Ordinal), "no row is new but the ways to what nodes answer");
        world.Northbound.Current.ByName<LogicalRouterPort>("vpc1-vpc1-subnet1")!.Value.Row.Mac.ShouldStartWith("00:00:00:ed:8e:");
        (await world.Kube.GetAsync(SluiceResources.Vpcs, null, "vpc1")).Status!.Conditions!.Select(condition => condition.Reason).ShouldNotContain("Conflict");
    }

    [Fact]
    public async Task What_it_left_behind_goes_and_what_we_know_nothing_of_stays()
    {
        (string, string) vendor = ("external_ids:vendor", "kube-ovn");
        await using var world = await World.StartAsync(server);
        await ApplyAsync(world);
        await world.Controller.SettleAsync();
        var wanted = NorthboundRows.Of(world.Northbound.Current);
        await KubeOvnHandOver.RunAsync(world, KubeOvnRelease.V1_17, rows =>
        {
            rows.AddGatewayChassis("vpc1-external204", "gone", 77);
            rows.Add("Load_Balancer", ("name", "gone-empty"), vendor);
            rows.AddToRouter("vpc1", "load_balancer", "Load_Balancer", ("name", "gone-used"), vendor, ("vips:\"10.5.204.9:1\"", "192.168.0.9:1"));
            rows.AddToRouter("vpc1", "ports", "Logical_Router_Port", ("name", "vpc1-gone"), ("mac", "00:00:00:00:00:77"), ("networks", "10.9.0.1/24"), vendor);
            rows.AddToRouter("ovn-cluster", "policies", "Logical_Router_Policy", ("priority", "29250"), ("match", "ip4.src == 10.16.9.9"), ("action", "allow"), vendor, ("external_ids:subnet", "ovn-default"));
            rows.AddToSwitch("vpc1-subnet1", "ports", "Logical_Switch_Port", ("name", "gone.vpc1"), vendor, ("external_ids:pod", "vpc1/gone"));
            rows.AddToSwitch("external204", "ports", "Logical_Switch_Port", ("name", "external204-gone"), ("type", "router"), ("options:router-port", "gone"), vendor);
            rows.Add("Logical_Router", ("name", "gone"), vendor);
            rows.Add("Logical_Switch", ("name", "gone"), vendor);
            rows.AddToRouter("gone", "nat", "NAT", ("type", "snat"), ("external_ip", "10.5.204.99"), ("logical_ip", "10.9.0.0/24"));

            rows.AddToSwitch("ovn-default", "load_balancer", "Load_Balancer", ("name", "other-tcp"), vendor);
            rows.Add("Load_Balancer", ("name", "vpc-vpc1-tcp-load"), vendor);
            rows.AddToRouter("ovn-cluster", "policies", "Logical_Router_Policy", ("priority", "29400"), ("match", "ip4.dst == 10.7.0.0/16"), ("action", "allow"), vendor, ("external_ids:isU2ORoutePolicy", "true"));
            rows.Add("Port_Group", ("name", "ovn.sg.other"), vendor, ("external_ids:sg", "other"));
        });

        await world.StartControllerAsync();

        var after = NorthboundRows.Of(world.Northbound.Current);
        after.Where(row => row.What.Contains("gone", StringComparison.Ordinal) || row.What.Contains("29250", StringComparison.Ordinal)).ShouldBeEmpty();
        after.Where(row => row.What.Contains("10.5.204.99", StringComparison.Ordinal)).ShouldBeEmpty("it went with its router");
        after.Where(row => row.Owner is null).Select(row => row.What).ShouldBe(
            ["Logical_Router_Policy 29400 ip4.dst == 10.7.0.0/16", "Load_Balancer other-tcp", "Load_Balancer vpc-vpc1-tcp-load", "Port_Group ovn.sg.other"],
            ignoreOrder: true);
        after.Where(row => row.Owner is not null).Select(row => row.What).ShouldBe(
            wanted.Select(row => row.What), ignoreOrder: true);
    }

    [Fact]
    public async Task Rows_of_somebody_else_survive_and_conflicts_name_them()
    {
        await using var world = await World.StartAsync(server);
        await ApplyAsync(world);
        await KubeOvnHandOver.RunAsync(world, KubeOvnRelease.V1_17, rows =>
        {
            rows.AddNat("vpc1", "snat", "10.5.204.250", "192.168.0.99");
            rows.AddToRouter("vpc1", "static_routes", "Logical_Router_Static_Route", ("ip_prefix", "172.30.0.0/16"), ("nexthop", "192.168.0.77"));
            rows.AddToRouter("vpc1", "policies", "Logical_Router_Policy", ("priority", "77"), ("match", "ip4"), ("action", "allow"));
            rows.Add("Load_Balancer", ("name", "neutron-lb"), ("external_ids:vendor", "neutron"));
            rows.Add("Logical_Switch", ("name", "neutron"), ("external_ids:neutron", "n"));
            rows.Add("Load_Balancer", ("name", "taken"), ("external_ids:owner", "somebody"));
        });
        string[] theirs = ["192.168.0.99", "172.30.0.0/16", "Logical_Router_Policy 77", "neutron-lb", "Logical_Switch neutron", "Load_Balancer taken"];
        var before = NorthboundRows.Of(world.Northbound.Current).Where(IsTheirs).ToList();
        before.Count.ShouldBe(theirs.Length);

        await world.StartControllerAsync();
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip-taken"));
        await world.CreateAsync(SluiceResources.OvnDnatRules, Dnat("taken", "eip-taken", "vpc-1-busybox05.vpc1"));
        var rule = await world.EventuallyAsync(
            SluiceResources.OvnDnatRules, "taken", rule => rule.Status?.Conditions.Find(ConditionTypes.Ready)?.Reason == "Conflict");

        rule.Status!.Conditions.Find(ConditionTypes.Ready)!.Message!.ShouldContain("Load_Balancer taken belongs to another system");
        await Eventually.HoldsAsync(
            async () => (await server.KubectlAsync("get", "events", "-A", "-o", "jsonpath={range .items[*]}{.reason} {.message}{\"\\n\"}{end}"))
                .Contains("Conflict Load_Balancer taken", StringComparison.Ordinal),
            () => "events",
            "one tells of the conflict");
        await world.DeleteAsync(SluiceResources.OvnDnatRules, "taken");
        await world.EventuallyGoneAsync(SluiceResources.OvnDnatRules, "taken");
        NorthboundRows.Of(world.Northbound.Current).Where(IsTheirs).ShouldBe(before, ignoreOrder: true);

        bool IsTheirs(NorthboundRow row) => theirs.Any(part => row.What.Contains(part, StringComparison.Ordinal));
    }

    private async Task ApplyAsync(World world)
    {
        await Walkthrough.ApplyAsync(server, world);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip-dnat"));
        await world.CreateAsync(SluiceResources.OvnDnatRules, Dnat("eip-dnat", "eip-dnat", "vpc-1-busybox03.vpc1"));
        await world.EventuallyAsync(SluiceResources.OvnDnatRules, "eip-dnat", rule => rule.Status?.Ready == true);
    }

    private static OvnDnatRule Dnat(string name, string eip, string ip) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { OvnEip = eip, IpName = ip, Protocol = "tcp", InternalPort = "22", ExternalPort = "22" },
    };

    private static Task EnableBfdAsync(World world) => world.Kube.PatchAsync(
        SluiceResources.Vpcs, null, "vpc1", Patch.Merge(new() { ["spec"] = new JsonObject { ["enableBfd"] = true } }));
}
