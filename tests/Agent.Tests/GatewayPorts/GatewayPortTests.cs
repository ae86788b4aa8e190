using Sluice.Agent.Ovs;
using Sluice.Agent.Tests.Support;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Lab.Processes;

namespace Sluice.Agent.Tests.GatewayPorts;

/// <summary>The node's port in an external network, with a router's BFD session on it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class GatewayPortTests(ClusterFixture cluster) : IAsyncLifetime
{
    private TestNode _node = null!;
    private TestNamespace _router = null!;

    public async Task InitializeAsync()
    {
        _node = await TestNode.CreateAsync(cluster);
        _router = await TestNamespace.CreateAsync();
        await _node.Host.IpAsync($"link add router type veth peer name ovnext0 netns {_router.Name}");
        await _node.Host.IpAsync("link set router up");
        await _router.IpAsync("link set lo up");
        await _router.IpAsync("link set ovnext0 up");
        await _router.IpAsync("addr add 10.5.204.101/24 dev ovnext0");
        await _node.VsctlAsync("add-port", "br-int", "router");
        await new Command("ethtool", "-K", "ovnext0", "tx", "off").In(_router.Name).RunAsync();
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new ObjectMeta { Name = External },
            Spec = new SubnetSpec { CidrBlock = "10.5.204.0/24,fd00:204::/64", Gateway = "10.5.204.254,fd00:204::fe", Vlan = "vlan" },
        });
        await VpcAsync("vpc", enableBfd: true);
        await EipAsync($"{Vpc("vpc")}-{External}", EipTypes.Lrp, "10.5.204.101");
        await EipAsync(_node.Name, EipTypes.Lsp, "10.5.204.109", "fd00:204::109");
    }

    public async Task DisposeAsync()
    {
        await cluster.KubectlAsync("delete", "oeip", "--all");
        await cluster.KubectlAsync("delete", "vpc", "--all");
        await cluster.KubectlAsync("delete", "subnet", External, "--ignore-not-found");
        await _node.DisposeAsync();
        await _router.DisposeAsync();
    }

    private string External => $"ext-{_node.Name}";

    [Fact]
    public async Task The_port_forwards_in_a_namespace_of_its_own_until_its_address_goes()
    {
        _node.StartAgent();

        await InPlaceAsync();
        var port = _node.Ovs.Current.Interface("ovnext0")!.Value;
        (port.Type, port.ExternalIds).ShouldBe(
            ("internal", OvsOperations.Map(("vendor", "kube-ovn"), ("iface-id", _node.Name), ("ip", "10.5.204.109,fd00:204::109"))));
        (await InsideAsync("-d link show ovnext0")).ShouldContain("mtu 1400");
        (await InsideAsync("-d link show ovnext0")).ShouldContain("00:00:00:ab:bd:82");
        (await InsideAsync("-6 route show default")).Trim().ShouldStartWith("default via fd00:204::fe dev ovnext0");
        (await new Command("cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding").In(_node.GatewayNamespace).RunAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["1", "1"]);
        await LabelAsync("true");

        await cluster.KubectlAsync("delete", "oeip", _node.Name);

        await Eventually.Succeeds(() =>
        {
            NetworkNamespaces.Exists(_node.GatewayNamespace).ShouldBeFalse(_node.Log);
            _node.Ovs.Current.Interface("ovnext0").ShouldBeNull();
            return Task.CompletedTask;
        });
        await LabelAsync("false");
    }

    [Fact]
    public async Task An_address_that_changes_takes_no_route_with_it()
    {
        _node.StartAgent();
        await InPlaceAsync();

        await cluster.KubectlAsync("patch", "oeip", _node.Name, "--subresource=status", "--type=merge", "-p", """{"status":{"v4Ip":"10.5.204.119"}}""");

        await Eventually.Succeeds(async () => (await InsideAsync("-br addr show dev ovnext0 scope global")).ShouldContain("10.5.204.119/24", customMessage: _node.Log));
        (await InsideAsync("route show default")).Trim().ShouldBe("default via 10.5.204.254 dev ovnext0 proto static");
    }

    [Fact]
    public async Task A_router_sees_the_session_up_and_a_restart_of_the_agent_does_not_interrupt_it()
    {
        await StartRouterAsync();
        _node.StartAgent();
        await SessionIsUpAsync();
        var before = await SessionAsync();

        await _node.StopAgentAsync();
        await SessionIsUpAsync();
        _node.StartAgent();
        await InPlaceAsync();

        (await SessionAsync()).ShouldBe(before, "the session is as old as it was");
    }

    [Fact]
    public async Task A_switch_that_was_killed_and_comes_back_gets_its_port_back()
    {
        await StartRouterAsync();
        _node.StartAgent();
        await SessionIsUpAsync();

        await _node.RestartSwitchAsync();

        await InPlaceAsync();
        await SessionIsUpAsync();
    }

    [Fact]
    public async Task Only_routers_that_watch_gateway_nodes_get_sessions()
    {
        await VpcAsync("quiet", enableBfd: false);
        await EipAsync($"{Vpc("quiet")}-{External}", EipTypes.Lrp, "10.5.204.102");
        _node.StartAgent();
        await LabelAsync("true");
        (await SpeakersNeighboursAsync()).ShouldBe(["10.5.204.101"]);

        await cluster.KubectlAsync("patch", "vpc", Vpc("quiet"), "--type=merge", "-p", """{"spec":{"enableBfd":true}}""");

        await Eventually.Succeeds(async () => (await SpeakersNeighboursAsync()).ShouldBe(["10.5.204.101", "10.5.204.102"], _node.Log));
    }

    [Fact]
    public async Task A_namespace_that_is_not_ours_stays()
    {
        await new Command("ip", "netns", "add", _node.GatewayNamespace).RunAsync();
        _node.StartAgent();
        await InPlaceAsync();
        await LabelAsync("true");

        await cluster.KubectlAsync("delete", "oeip", _node.Name);
        await LabelAsync("false");

        NetworkNamespaces.Exists(_node.GatewayNamespace).ShouldBeTrue("somebody else made it");
        (await InsideAsync("-br link show")).ShouldNotContain("ovnext0");
    }

    [Fact]
    public async Task A_namespace_that_lost_its_name_is_given_up_with_all_that_is_in_it()
    {
        await StartRouterAsync();
        _node.StartAgent();
        await SessionIsUpAsync();

        await NetworkNamespaces.DeleteAsync(_node.GatewayNamespace);
        await _node.StopAgentAsync();
        _node.StartAgent();

        await InPlaceAsync();
        await SessionIsUpAsync();
        var speaker = (await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(_node.CniSocket)!, "bird.pid"))).Trim();
        (await new Command("ip", "netns", "identify", speaker).RunAsync()).Trim().ShouldBe(_node.GatewayNamespace, _node.Log);
    }

    private string Vpc(string name) => $"{name}-{_node.Name}";

    private Task VpcAsync(string name, bool enableBfd) =>
        cluster.Admin.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new ObjectMeta { Name = Vpc(name) }, Spec = new() { EnableBfd = enableBfd } });

    private async Task<string[]> SpeakersNeighboursAsync() =>
        [.. from line in (await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(_node.CniSocket)!, "bird.conf"))).Split('\n')
            let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where words is ["neighbor", ..]
            select words[1]];

    private async Task EipAsync(string name, string type, string v4, string? v6 = null)
    {
        await cluster.Admin.CreateAsync(SluiceResources.OvnEips, new OvnEip { Metadata = new ObjectMeta { Name = name }, Spec = new() { ExternalSubnet = External, Type = type } });
        await cluster.Admin.PatchAsync(SluiceResources.OvnEips, ns: null, name, Patch.Merge(new()
        {
            ["status"] = new System.Text.Json.Nodes.JsonObject { ["v4Ip"] = v4, ["v6Ip"] = v6, ["macAddress"] = "00:00:00:ab:bd:82" },
        }), "status");
    }

    private Task InPlaceAsync() => Eventually.Succeeds(async () =>
    {
        (await InsideAsync("-br addr show dev ovnext0 scope global")).ShouldContain("10.5.204.109/24", customMessage: _node.Log);
        (await InsideAsync("-br addr show dev ovnext0 scope global")).ShouldContain("fd00:204::109/64");
        (await InsideAsync("route show default")).Trim().ShouldBe("default via 10.5.204.254 dev ovnext0 proto static");
        (await InsideAsync("link show ovnext0")).ShouldContain(",UP");
    });

    private Task LabelAsync(string value) => Eventually.Succeeds(async () =>
        (await _node.GetAsync()).Metadata.Label(Names.Labels.NodeExternalGateway).ShouldBe(value, _node.Log));

    private Task<string> InsideAsync(string command) => new Command("ip", ["-n", _node.GatewayNamespace, .. command.Split(' ')]).RunAsync();

    /// <summary>OVN's side of the session, played by another BIRD.</summary>
    private async Task StartRouterAsync()
    {
        var folder = Path.GetDirectoryName(_node.CniSocket)!;
        var configuration = Path.Combine(folder, "router.conf");
        await File.WriteAllTextAsync(configuration, """
            router id 10.5.204.101;
            protocol device { }
            protocol bfd {
              interface "ovnext0" { min rx interval 100 ms; min tx interval 100 ms; multiplier 3; };
              neighbor 10.5.204.109 dev "ovnext0" local 10.5.204.101;
            }
            """);
        await new Command("bird", "-c", configuration, "-s", RouterControl).In(_router.Name).RunAsync();
    }

    private string RouterControl => Path.Combine(Path.GetDirectoryName(_node.CniSocket)!, "router.ctl");

    private Task SessionIsUpAsync() => Eventually.Succeeds(async () => (await SessionAsync()).ShouldContain(" Up ", customMessage: _node.Log));

    /// <summary>The router's line about the session: the neighbour, its state and since when.</summary>
    private async Task<string> SessionAsync() =>
        (await new Command("birdc", "-s", RouterControl, "show", "bfd", "sessions").RunAsync()).Split('\n').FirstOrDefault(line => line.StartsWith("10.5.204.109", StringComparison.Ordinal)) ?? "";
}
