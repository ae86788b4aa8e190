using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab.Processes;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>
/// Edits of live objects that must not come into force, with no webhook to refuse them: not a row and not an address is another one while
/// they stand, after a restart meanwhile, and when they are mended.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class EditScenarios(ApiServerFixture server)
{
    private const string External = "external204", Inner = "vpc1-subnet1";

    /// <summary>What is merged into the spec of a live subnet, and how its condition begins.</summary>
    private static readonly ImmutableDictionary<string, ImmutableArray<(string Spec, string Message)>> SubnetEdits =
        ImmutableDictionary<string, ImmutableArray<(string Spec, string Message)>>.Empty
            .Add(External,
            [
                ("""{"excludeIps":["10.5.204.1..10.5.204.100","10.5.204.240-10.5.204.250"]}""", "spec.excludeIps: '10.5.204.240-10.5.204.250'"),
                ("""{"excludeIps":["10.5.204.240/29"]}""", "spec.excludeIps: '10.5.204.240/29'"),
                ("""{"excludeIps":["10.5.204.250..10.5.204.240"]}""", "spec.excludeIps: '10.5.204.250..10.5.204.240'"),
                ("""{"excludeIps":["10.5.204.1,10.5.204.2"]}""", "spec.excludeIps: '10.5.204.1,10.5.204.2'"),
                ("""{"cidrBlock":"10.5.204.128/25"}""", "spec.cidrBlock: 10.5.204.128/25 with gateway 10.5.204.254 no longer gives the addresses of"),
                ("""{"cidrBlock":"10.5.205.0/24","gateway":"10.5.205.254"}""", "spec.cidrBlock: 10.5.205.0/24 with gateway 10.5.205.254 no longer gives"),
                ("""{"cidrBlock":"10.5.204.0/33"}""", "spec.cidrBlock: '10.5.204.0/33'"),
                ("""{"gateway":"10.5.204.101"}""",
                    "spec.cidrBlock: 10.5.204.0/24 with gateway 10.5.204.101 no longer gives the addresses of OvnEip vpc1-external204"),
                ("""{"gateway":"10.5.205.254"}""", "spec.gateway: 10.5.205.254 is not a host address of"),
                ("""{"vlan":"vlan205"}""", "spec.vlan: cannot change from \"vlan204\" to \"vlan205\" while the subnet is in use by OvnEip"),
            ])
            .Add(Inner,
            [
                ("""{"mtu":60}""", "spec.mtu: 60"),
                ("""{"vips":["1.2.3.4"]}""", "spec.vips: \"1.2.3.4\""),
                ("""{"allowSubnets":["x"]}""", "spec.allowSubnets: \"x\""),
                ("""{"excludeIps":["192.168.0.1-192.168.0.9"]}""", "spec.excludeIps: '192.168.0.1-192.168.0.9'"),
                ("""{"gateway":"192.168.0.254"}""", "spec.gateway: cannot change from \"192.168.0.1\" to \"192.168.0.254\""),
                ("""{"vpc":"ovn-cluster"}""", "spec.vpc: cannot change from \"vpc1\" to \"ovn-cluster\""),
                ("""{"namespaces":["vpc1","default"]}""", "spec.namespaces: \"default\""),
                ("""{"cidrBlock":"10.5.204.0/24","gateway":""}""", "spec.cidrBlock: 10.5.204.0/24 overlaps 10.5.204.0/24 of Subnet external204"),
            ]);

    [Theory]
    [InlineData(External)]
    [InlineData(Inner)]
    public async Task A_wrong_edit_of_a_live_subnet_changes_nothing(string subnet)
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);

        foreach (var (spec, message) in SubnetEdits[subnet])
            await HoldsAsync(world, SluiceResources.Subnets, subnet, spec, message);
    }

    [Fact]
    public async Task A_wrong_edit_of_a_live_Vpc_changes_nothing()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);

        foreach (var (spec, message) in ((string, string)[])
        [
            ("""{"staticRoutes":[{"cidr":"10.99.0.0/16","nextHopIP":"x"}]}""", "spec.staticRoutes[0].nextHopIP: \"x\""),
            ("""{"policyRoutes":[{"priority":10,"match":"ip4","action":"reroute","nextHopIP":"x"}]}""", "spec.policyRoutes[0].nextHopIP: \"x\""),
            ("""{"enableExternal":false}""", "spec.enableExternal: the connection to external204 is in use by OvnFip \"eip-for-vip\", OvnFip \"eip-static\""),
        ])
        {
            await HoldsAsync(world, SluiceResources.Vpcs, "vpc1", spec, message);
        }
    }

    [Fact]
    public async Task A_namespace_that_leaves_its_Vpc_takes_nothing_from_the_subnet_that_lists_it()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);
        var before = await RunningAsync(world);

        await PatchAsync(world, SluiceResources.Vpcs, "vpc1", """{"namespaces":[]}""");

        await world.EventuallyAsync(SluiceResources.Subnets, Inner, subnet => Message(subnet) == "spec.namespaces: \"vpc1\" is not in spec.namespaces of Vpc vpc1");
        await SameAsync(world, before, "the namespace is gone");
        await RestartAsync(world);
        await SameAsync(world, before, "after a restart");
        await PatchAsync(world, SluiceResources.Vpcs, "vpc1", """{"namespaces":["vpc1"]}""");
        await world.EventuallyAsync(SluiceResources.Subnets, Inner, subnet => subnet.Status!.Conditions.IsTrue(ConditionTypes.Validated));
        await SameAsync(world, before, "the namespace is back");
    }

    [Theory]
    [InlineData("10.16.3.3", "ovn-default", "10.16.0.0/16")]
    [InlineData("100.64.0.77", "join", "100.64.0.0/16")]
    public async Task A_node_with_an_address_of_an_overlay_takes_nothing_from_it(string address, string subnet, string cidr)
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);
        var before = await RunningAsync(world, ignored: "pc-node-9");

        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-9", address));

        await world.EventuallyAsync(
            SluiceResources.Subnets, subnet, item => Message(item) == $"spec.cidrBlock: {cidr} contains {address}, the address of Node pc-node-9");
        await SameAsync(world, before, "the node is there", ignored: "pc-node-9");
        await RestartAsync(world);
        await SameAsync(world, before, "after a restart", ignored: "pc-node-9");
        await world.DeleteAsync(CoreResources.Nodes, "pc-node-9");
        await world.EventuallyAsync(SluiceResources.Subnets, subnet, item => item.Status!.Conditions.IsTrue(ConditionTypes.Validated));
        await SameAsync(world, before, "the node is gone", ignored: "pc-node-9");
    }

    [Fact]
    public async Task An_operator_may_say_that_users_may_suffer()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);

        await world.Kube.PatchAsync(SluiceResources.Subnets, null, External, Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Names.Annotations.AllowDisruption] = "true" } },
            ["spec"] = new JsonObject { ["cidrBlock"] = "10.5.205.0/24", ["gateway"] = "10.5.205.254" },
        }));

        await world.EventuallyAsync(SluiceResources.OvnEips, "vpc1-external204", eip => eip.Status?.V4Ip?.StartsWith("10.5.205.", StringComparison.Ordinal) == true);
        await world.EventuallyAsync(SluiceResources.OvnFips, "eip-static", rule => rule.Status is { Ready: true } status && status.V4Eip!.StartsWith("10.5.205.", StringComparison.Ordinal));
    }

    /// <summary>Makes an edit that must not come into force, restarts the controller meanwhile, and mends it.</summary>
    private static async Task HoldsAsync<T>(World world, ResourceType<T> type, string name, string spec, string message)
        where T : KubeObject
    {
        var before = await RunningAsync(world);
        var written = JsonSerializer.SerializeToNode(await world.Kube.GetAsync(type, null, name), type.Json)!["spec"]!.AsObject();

        await PatchAsync(world, type, name, spec);
        var refused = await world.EventuallyAsync(type, name, item => Message(item)?.StartsWith(message, StringComparison.Ordinal) == true);
        Ready(refused)!.Message.ShouldEndWith("; the last valid spec stays in force");
        await SameAsync(world, before, spec);
        await RestartAsync(world);
        await SameAsync(world, before, $"{spec}, after a restart");
        var events = await world.Kube.ListAsync(CoreResources.Events, new ListOptions { Namespace = "default" });
        events.Items.Where(told => told.InvolvedObject.Uid == refused.Metadata.Uid && told.Message?.StartsWith(message, StringComparison.Ordinal) == true)
            .Sum(told => Math.Max(told.Count ?? 1, 1)).ShouldBe(1, "an Event says it once");

        var mended = new JsonObject();
        foreach (var (field, _) in JsonNode.Parse(spec)!.AsObject()) mended[field] = written[field]?.DeepClone();
        await PatchAsync(world, type, name, mended.ToJsonString());
        await world.EventuallyAsync(type, name, item => Ready(item)?.Status == ConditionStatus.True);
        await SameAsync(world, before, $"{spec}, mended");
    }

    private static string? Message<T>(T item)
        where T : KubeObject =>
        ((IHasStatus)item).Status?.Conditions.Find(ConditionTypes.Validated) is { Status: ConditionStatus.False } condition ? condition.Message : null;

    private static Condition? Ready<T>(T item)
        where T : KubeObject => ((IHasStatus)item).Status?.Conditions.Find(ConditionTypes.Ready);

    private static Task PatchAsync<T>(World world, ResourceType<T> type, string name, string spec)
        where T : KubeObject => world.Kube.PatchAsync(type, null, name, Patch.Merge(new JsonObject { ["spec"] = JsonNode.Parse(spec) }));

    private static async Task RestartAsync(World world)
    {
        await world.StopControllerAsync();
        await world.StartControllerAsync();
    }

    private static async Task SameAsync(World world, IReadOnlyList<string> before, string when, string? ignored = null)
    {
        await world.Controller.SettleAsync();
        (await RunningAsync(world, ignored)).ShouldBe(before, when);
    }

    /// <summary>What traffic rests on: all northbound rows with their UUIDs, and all addresses.</summary>
    /// <param name="ignored">What is left out of both.</param>
    private static async Task<IReadOnlyList<string>> RunningAsync(World world, string? ignored = null)
    {
        var lines = new List<string>();
        var dump = await new Command("ovsdb-client", ["--format=json", "dump", world.NorthboundServer.ToString(), "OVN_Northbound"]).RunAsync();
        foreach (var line in dump.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var table = JsonDocument.Parse(line);
            var caption = table.RootElement.GetProperty("caption").GetString()!.Split(' ')[0];
            if (caption is "NB_Global" or "Connection" or "SSL") continue;
            lines.AddRange(table.RootElement.GetProperty("data").EnumerateArray().Select(row => $"{caption} {row.GetRawText()}"));
        }
        foreach (var eip in (await world.Kube.ListAsync(SluiceResources.OvnEips)).Items)
            lines.Add($"OvnEip {eip.Metadata.Name} {eip.Status?.V4Ip} {eip.Status?.V6Ip} {eip.Status?.MacAddress} {eip.Status?.Ready}");
        foreach (var vip in (await world.Kube.ListAsync(SluiceResources.Vips)).Items)
            lines.Add($"Vip {vip.Metadata.Name} {vip.Status?.V4ip} {vip.Status?.V6ip} {vip.Status?.Mac} {vip.Status?.Ready}");
        foreach (var ip in (await world.Kube.ListAsync(SluiceResources.Ips)).Items)
            lines.Add($"IP {ip.Metadata.Name} {ip.Spec.V4IpAddress} {ip.Spec.V6IpAddress} {ip.Spec.MacAddress}");
        foreach (var rule in (await world.Kube.ListAsync(SluiceResources.OvnFips)).Items)
            lines.Add($"OvnFip {rule.Metadata.Name} {rule.Status?.V4Eip} {rule.Status?.V4Ip} {rule.Status?.Ready}");
        foreach (var rule in (await world.Kube.ListAsync(SluiceResources.OvnSnatRules)).Items)
            lines.Add($"OvnSnatRule {rule.Metadata.Name} {rule.Status?.V4Eip} {rule.Status?.Ready}");
        if (ignored is null) return [.. lines.Order(StringComparer.Ordinal)];

        // What comes is entered in the sets of switches and routers, too.
        string[] sets = ["Logical_Switch ", "Logical_Router "];
        return
        [
            .. lines.Where(line => !line.Contains(ignored, StringComparison.Ordinal) && !sets.Any(set => line.StartsWith(set, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal),
        ];
    }
}
