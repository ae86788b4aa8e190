using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>The default VPC and the ConfigMap that connects it: section 1.2 of the walkthrough.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class DefaultVpcScenarios(ApiServerFixture server)
{
    private const string Port = "ovn-cluster-external204";
    private static readonly string Manifest =
        Path.Combine(ApiServerFixture.Repository(), "deploy/examples/seed/1.2-default-vpc/00-centralized-external-gw-no-ip.yaml");

    [Fact]
    public async Task The_ConfigMap_connects_the_default_VPC_until_it_goes()
    {
        await using var world = await World.StartAsync(server);
        await CreateNodesAsync(world);
        await world.CreateExternalNetworkAsync();
        await world.EventuallyAsync(SluiceResources.Subnets, "join", subnet => subnet.Status?.V4UsingIPs.ToString() == "4");
        await world.Controller.SettleAsync();
        var before = Rows(world);

        await server.KubectlAsync("apply", "-f", Manifest);
        await ConnectedAsync(world);
        await ChassisAsync(world, "1", "2", "3", "manual");
        var eip = await world.EventuallyAsync(SluiceResources.OvnEips, Port, eip => eip.Status?.Ready == true);
        eip.Status!.Type.ShouldBe(EipTypes.Lrp);
        world.Northbound.Current.ByName<LogicalRouterPort>(Port)!.Value.Row.Networks.ShouldBe([$"{eip.Status.V4Ip}/24"]);

        await world.Controller.SettleAsync();
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        world.Controller.ApiWrites.ShouldBe(0);
        world.Controller.Term.Northbound.Operations.ShouldBe(0, "a restart with nothing changed writes nothing");

        await EditAsync(world, ("enable-external-gw", "false"));
        await world.EventuallyAsync(SluiceResources.Vpcs, "ovn-cluster", vpc => vpc.Status?.EnableExternal == false);
        await world.EventuallyGoneAsync(SluiceResources.OvnEips, Port);
        await world.Controller.SettleAsync();
        Rows(world).ShouldBe(before);

        await EditAsync(world, ("enable-external-gw", "true"));
        await ConnectedAsync(world);
        await world.DeleteAsync(CoreResources.ConfigMaps, ExternalGatewayConfig.Name, "kube-system");
        await world.EventuallyGoneAsync(SluiceResources.OvnEips, Port);
        var vpc = await world.EventuallyAsync(SluiceResources.Vpcs, "ovn-cluster", vpc => vpc.Status?.EnableExternal == false);
        vpc.Metadata.Annotations.ShouldBeNull();
        await world.EventuallyAsync(CoreResources.Nodes, "pc-node-1", node => node.Metadata.Label(Names.Labels.ExternalGateway) == "false");
        (await world.Kube.GetAsync(CoreResources.Nodes, null, "manual")).Metadata.Label(Names.Labels.ExternalGateway).ShouldBe("true");
        await world.Controller.SettleAsync();
        Rows(world).ShouldBe(before);
    }

    [Fact]
    public async Task Everything_may_come_before_what_it_needs()
    {
        await using var world = await World.StartAsync(server);
        await server.KubectlAsync("apply", "-f", Manifest);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "eip", "web.default"));
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("web", "pc-node-1"));
        var vpc = await world.EventuallyAsync(SluiceResources.Vpcs, "ovn-cluster", vpc => Message(vpc).Contains("nic-ip: needed", StringComparison.Ordinal));
        Message(vpc).ShouldContain("external-gw-nodes: there is no node \"pc-node-1, pc-node-2, pc-node-3\"");

        await world.CreateExternalNetworkAsync();
        await CreateNodesAsync(world);
        await ConnectedAsync(world);
        var fip = await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == true);
        fip.Status!.Conditions.Find("Distributed")!.Message.ShouldBe("type is centralized in ConfigMap ovn-external-gw-config");
        world.Northbound.Current.All<LogicalRouterPolicy>().Select(policy => policy.Row).Where(policy => policy.Priority == 29250)
            .ShouldHaveSingleItem().Match.ShouldBe($"ip4.src == {fip.Status.V4Ip}");

        await EditAsync(world, ("type", "distributed"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.MacAddress is not null);
        world.Northbound.Current.All<Nat>().ShouldHaveSingleItem().Row.LogicalPort.ShouldBe("web.default");
    }

    [Fact]
    public async Task Chassis_follow_the_list_of_nodes_in_place()
    {
        await using var world = await World.StartAsync(server);
        await CreateNodesAsync(world);
        await world.CreateExternalNetworkAsync();
        await server.KubectlAsync("apply", "-f", Manifest);
        await ChassisAsync(world, "1", "2", "3", "manual");
        var before = world.Northbound.Current.All<GatewayChassis>().ToDictionary(row => row.Row.Name, row => row.Uuid);
        var port = world.Northbound.Current.ByName<LogicalRouterPort>(Port)!.Value.Uuid;

        await EditAsync(world, ("external-gw-nodes", "pc-node-1, pc-node-3"));
        await ChassisAsync(world, "1", "3", "manual");
        var rows = world.Northbound.Current.All<GatewayChassis>().ToList();
        rows.ShouldAllBe(row => before[row.Row.Name] == row.Uuid);
        world.Northbound.Current.ByName<LogicalRouterPort>(Port)!.Value.Uuid.ShouldBe(port);
    }

    [Fact]
    public async Task A_broken_edit_is_told_and_takes_nothing_down()
    {
        await using var world = await World.StartAsync(server);
        await CreateNodesAsync(world);
        await world.CreateExternalNetworkAsync();
        await server.KubectlAsync("apply", "-f", Manifest);
        await EditAsync(world, ("nic-ip", "10.5.204.88/24"), ("nic-mac", "02:00:00:00:02:04"));
        await world.EventuallyAsync(SluiceResources.OvnEips, Port, eip => eip.Status is { V4Ip: "10.5.204.88", MacAddress: "02:00:00:00:02:04" });
        await ConnectedAsync(world);
        await world.Controller.SettleAsync();
        var before = Rows(world);

        (string Key, string Value, string Message)[] slips =
        [
            ("type", "both", "type: \"both\" is not centralized or distributed"),
            ("external-gw-nodes", "pc-node-9", "external-gw-nodes: there is no node \"pc-node-9\""),
            ("external-gw-addr", "10.6.0.1", "external-gw-addr: 10.6.0.1 is not a host address of Subnet \"external204\" (10.5.204.0/24)"),
            ("nic-ip", "10.5.204.254/24", "nic-ip: 10.5.204.254 is the gateway of Subnet \"external204\""),
            ("nic-mac", "0", "nic-mac: \"0\" is not the MAC address of an interface"),
        ];
        foreach (var (key, value, message) in slips)
        {
            var good = (await world.Kube.GetAsync(CoreResources.ConfigMaps, "kube-system", ExternalGatewayConfig.Name)).Data!.GetValueOrDefault(key);
            await EditAsync(world, (key, value));
            await world.EventuallyAsync(SluiceResources.Vpcs, "ovn-cluster", vpc => Message(vpc) == $"ConfigMap ovn-external-gw-config, {message}");
            await Eventually.HoldsAsync(
                async () => (await world.Kube.ListAsync(CoreResources.Events)).Items.Any(
                    item => item.InvolvedObject is { Kind: "ConfigMap", Name: ExternalGatewayConfig.Name } && item.Message!.Contains(message, StringComparison.Ordinal)),
                () => message);
            await world.Controller.SettleAsync();
            Rows(world).ShouldBe(before);

            await world.StopControllerAsync();
            await world.StartControllerAsync();
            world.Controller.Term.Northbound.Operations.ShouldBe(0, "a restart finds the earlier values");
            await EditAsync(world, (key, good!));
            await ConnectedAsync(world);
        }
        await world.Controller.SettleAsync();
        Rows(world).ShouldBe(before);
    }

    [Fact]
    public async Task A_gateway_node_without_the_NIC_is_told_and_the_others_are_preferred_to_it()
    {
        await using var world = await World.StartAsync(server);
        await CreateNodesAsync(world);
        await world.CreateExternalNetworkAsync();
        await server.KubectlAsync("apply", "-f", Manifest);
        await ConnectedAsync(world);
        await world.Controller.SettleAsync();
        var before = Rows(world);

        var annotation = Names.Annotations.ProviderNetworkError("external204");
        await server.KubectlAsync("annotate", "node", "pc-node-2", $"{annotation}=there is no NIC vlan");
        await world.EventuallyAsync(
            SluiceResources.Vpcs,
            "ovn-cluster",
            vpc => Message(vpc) == "ConfigMap ovn-external-gw-config, external-gw-nic: node \"pc-node-2\": there is no NIC vlan");
        await world.Controller.SettleAsync();
        WithoutChassis(Rows(world)).ShouldBe(WithoutChassis(before));
        world.Northbound.Current.All<GatewayChassis>().MinBy(stored => stored.Row.Priority)!.Row.ChassisName.ShouldBe("chassis-2");

        await server.KubectlAsync("annotate", "node", "pc-node-2", $"{annotation}-");
        await ConnectedAsync(world);
    }

    [Fact]
    public async Task Without_a_Subnet_the_switch_comes_with_the_connection_and_gives_way_to_one()
    {
        await using var world = await World.StartAsync(server, new ControllerOptions { ExternalGatewaySwitch = "external204", ExternalGatewayVlanId = 204 });
        await CreateNodesAsync(world);
        await server.KubectlAsync("apply", "-f", Manifest);
        await EditAsync(world, ("nic-ip", "10.5.204.88/24"));
        await ConnectedAsync(world);
        world.Port("localnet.external204")!.Tag.ShouldBe(204);
        world.Port("localnet.external204")!.Options["network_name"].ShouldBe("external");

        await world.CreateExternalNetworkAsync();
        await world.EventuallyAsync(SluiceResources.OvnEips, Port, eip => eip.Status is { V4Ip: "10.5.204.88", Ready: true });
        await ConnectedAsync(world);
        await world.Controller.SettleAsync();
        world.Port("localnet.external204")!.Options["network_name"].ShouldBe("external204");
        world.Port("external204-ovn-cluster").ShouldNotBeNull();

        await world.DeleteAsync(CoreResources.ConfigMaps, ExternalGatewayConfig.Name, "kube-system");
        await world.EventuallyGoneAsync(SluiceResources.OvnEips, Port);
        await world.DeleteAsync(SluiceResources.Subnets, "external204");
        await world.EventuallyGoneAsync(SluiceResources.Subnets, "external204");
        await world.Controller.SettleAsync();
        world.Northbound.Current.ByName<LogicalSwitch>("external204").ShouldBeNull();
    }

    [Fact]
    public async Task Pods_have_public_addresses_by_annotation_and_nobody_else_gets_them()
    {
        await using var world = await World.StartAsync(server);
        await CreateNodesAsync(world);
        await world.CreateExternalNetworkAsync();
        await server.KubectlAsync("apply", "-f", Manifest);
        await ConnectedAsync(world);
        await world.Controller.SettleAsync();
        var before = Rows(world);

        // Pods of the same second rank by name.
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("first", "pc-node-1", Public("10.5.204.110", "10.5.204.111")));
        await NatAsync(world, "first: dnat_and_snat 10.5.204.110");
        await EventAsync(world, "first", "ovn.kubernetes.io/snat: 10.5.204.111 is not used: what the pod sends has 10.5.204.110 by ovn.kubernetes.io/eip");
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("second", "pc-node-2", Public("10.5.204.110", "10.5.204.111")));
        await NatAsync(world, "first: dnat_and_snat 10.5.204.110", "second: snat 10.5.204.111");
        await EventAsync(world, "second", "ovn.kubernetes.io/eip: 10.5.204.110 is taken by Pod default/first, which came first");

        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("late", "10.5.204.110"));
        var late = await world.EventuallyAsync(SluiceResources.OvnEips, "late", eip => eip.Status?.Ready == false);
        late.Status!.Conditions.Find(ConditionTypes.Ready)!.Message.ShouldBe("spec.v4Ip: 10.5.204.110 is taken by Pod/default/first eip");
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("early", "10.5.204.120"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "early", eip => eip.Status?.Ready == true);
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("third", "pc-node-2", Public("10.5.204.120", null)));
        await EventAsync(world, "third", "ovn.kubernetes.io/eip: 10.5.204.120 is taken by OvnEip/early");

        await world.Controller.SettleAsync();
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        world.Controller.ApiWrites.ShouldBe(0);
        world.Controller.Term.Northbound.Operations.ShouldBe(0, "a restart with nothing changed writes nothing");

        await EditAsync(world, ("type", "distributed"));
        await Eventually.HoldsAsync(() => world.Northbound.Current.All<Nat>().Any(nat => nat.Row.LogicalPort == "first.default"));

        await world.DeleteAsync(CoreResources.Pods, "first", "default");
        await NatAsync(world, "second: dnat_and_snat 10.5.204.110");
        await server.KubectlAsync("annotate", "pod", "second", $"{PodAnnotations.Default.Eip}-");
        await NatAsync(world, "second: snat 10.5.204.111");
        await world.EventuallyAsync(SluiceResources.OvnEips, "late", eip => eip.Status is { Ready: true, V4Ip: "10.5.204.110" });
        await world.DeleteAsync(SluiceResources.OvnEips, "early");
        await NatAsync(world, "second: snat 10.5.204.111", "third: dnat_and_snat 10.5.204.120");

        await world.DeleteAsync(CoreResources.Pods, "second", "default");
        await world.DeleteAsync(CoreResources.Pods, "third", "default");
        await EditAsync(world, ("type", "centralized"));
        await NatAsync(world);
        await ConnectedAsync(world);
        await world.Controller.SettleAsync();
        Rows(world).ShouldBe(before);
    }

    private static Dictionary<string, string> Public(string? eip, string? snat)
    {
        var annotations = new Dictionary<string, string>();
        if (eip is not null) annotations[PodAnnotations.Default.Eip] = eip;
        if (snat is not null) annotations[PodAnnotations.Default.Snat] = snat;
        return annotations;
    }

    /// <summary>Waits until the router translates this and nothing else, and sends what it translates to the gateway.</summary>
    private static async Task NatAsync(World world, params string[] translations)
    {
        await Eventually.HoldsAsync(
            async () => (await NatOfPodsAsync(world)).Order().SequenceEqual(translations.Order()),
            () => string.Join(", ", world.Northbound.Current.All<Nat>().Select(nat => nat.Row)),
            string.Join(", ", translations));
        var sources = world.Northbound.Current.All<Nat>().Select(nat => $"ip4.src == {nat.Row.LogicalIp}").Distinct().Order();
        world.Northbound.Current.All<LogicalRouterPolicy>().Select(policy => policy.Row).Where(policy => policy.Priority == 29250)
            .Select(policy => policy.Match).Order().ShouldBe(sources);
    }

    private static async Task<List<string>> NatOfPodsAsync(World world)
    {
        var ips = (await world.Kube.ListAsync(SluiceResources.Ips)).Items;
        return
        [
            .. from nat in world.Northbound.Current.All<Nat>()
               let pod = ips.FirstOrDefault(ip => ip.Spec.V4IpAddress == nat.Row.LogicalIp)?.Spec.PodName
               select $"{pod}: {nat.Row.Type} {nat.Row.ExternalIp}",
        ];
    }

    private static Task EventAsync(World world, string pod, string message) => Eventually.HoldsAsync(
        async () => (await world.Kube.ListAsync(CoreResources.Events)).Items.Any(
            item => item.InvolvedObject is { Kind: "Pod" } regarding && regarding.Name == pod && item.Message == message),
        () => message);

    private static async Task CreateNodesAsync(World world)
    {
        foreach (var (name, chassis) in ((string, string)[])[("pc-node-1", "1"), ("pc-node-2", "2"), ("pc-node-3", "3"), ("manual", "manual")])
        {
            var node = Objects.Node(name, $"172.18.0.{chassis.Length}{(int)chassis[0] % 10}");
            var metadata = node.Metadata with
            {
                Labels = name == "manual" ? new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" } : null,
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = $"chassis-{chassis}" },
            };
            await world.CreateAsync(CoreResources.Nodes, node with { Metadata = metadata });
        }
    }

    private static async Task EditAsync(World world, params (string Key, string? Value)[] edits)
    {
        var map = await world.Kube.GetAsync(CoreResources.ConfigMaps, "kube-system", ExternalGatewayConfig.Name);
        var data = new Dictionary<string, string>(map.Data!);
        foreach (var (key, value) in edits)
        {
            if (value is null) data.Remove(key);
            else data[key] = value;
        }
        await world.Kube.ReplaceAsync(CoreResources.ConfigMaps, map with { Data = data });
    }

    private static async Task ConnectedAsync(World world)
    {
        await world.EventuallyAsync(
            SluiceResources.Vpcs,
            "ovn-cluster",
            vpc => vpc.Status?.EnableExternal == true && vpc.Status.Conditions.IsTrue(ConditionTypes.Ready));
        await Eventually.HoldsAsync(() => world.Northbound.Current.ByName<LogicalRouterPort>(Port) is not null);
    }

    private static Task ChassisAsync(World world, params string[] names) => Eventually.HoldsAsync(
        () => Task.FromResult(world.Northbound.Current.All<GatewayChassis>().Select(row => row.Row.ChassisName).Order()
            .SequenceEqual(names.Select(name => $"chassis-{name}").Order())),
        () => string.Join(' ', world.Northbound.Current.All<GatewayChassis>().Select(row => row.Row.ChassisName)),
        string.Join(' ', names));

    private static string Message(Vpc vpc) => vpc.Status?.Conditions.Find(ConditionTypes.Ready)?.Message ?? "";

    /// <summary>All but which gateway is preferred to which.</summary>
    private static string WithoutChassis(string rows) =>
        string.Join('\n', rows.Split('\n').Where(row => !row.StartsWith(nameof(GatewayChassis), StringComparison.Ordinal)));

    /// <summary>Everything that a router or a switch consists of, as text.</summary>
    private static string Rows(World world)
    {
        var nb = world.Northbound.Current;
        IEnumerable<OvnRow> rows =
        [
            .. nb.All<LogicalRouter>().Select(row => row.Row), .. nb.All<LogicalRouterPort>().Select(row => row.Row),
            .. nb.All<GatewayChassis>().Select(row => row.Row), .. nb.All<LogicalRouterPolicy>().Select(row => row.Row),
            .. nb.All<LogicalRouterStaticRoute>().Select(row => row.Row), .. nb.All<Nat>().Select(row => row.Row),
            .. nb.All<LoadBalancer>().Select(row => row.Row), .. nb.All<LogicalSwitch>().Select(row => row.Row),
            .. nb.All<LogicalSwitchPort>().Select(row => row.Row), .. nb.All<PortGroup>().Select(row => row.Row),
        ];
        return string.Join('\n', rows.Select(row => row.ToString()).Order(StringComparer.Ordinal));
    }
}
