using Sluice.Agent.Ovs;
using Sluice.Agent.ProviderNetworks;
using Sluice.Agent.Tests.Support;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Tests.ProviderNetworks;

/// <summary>Provider bridges on a real Open vSwitch, asked for through a real API server.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ProviderNetworkTests(ClusterFixture cluster) : IAsyncLifetime
{
    private readonly string _network = $"n{Guid.NewGuid():N}"[..11];
    private TestNode _node = null!;
    private TestNamespace _outside = null!;

    private string Bridge => $"br-{_network}";

    public async Task InitializeAsync()
    {
        _node = await TestNode.CreateAsync(cluster);
        _outside = await TestNamespace.CreateAsync();
        await AddNicAsync("eth1", "10.9.0.1");
    }

    public async Task DisposeAsync()
    {
        foreach (var item in new[] { $"provider-network/{_network}", $"vlan/{_network}", $"subnet/{_network}" })
            await cluster.KubectlAsync("delete", item, "--ignore-not-found", "--wait=false");
        if (await cluster.Admin.FindAsync(SluiceResources.ProviderNetworks, ns: null, _network) is not null)
            await LetGoAsync();
        await _node.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    public async Task A_nic_is_taken_with_all_it_has_and_given_back_as_it_was()
    {
        await ConfigureAsync("eth1");
        var before = await StateAsync("eth1");
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");

        (await AddressesAsync(Bridge)).ShouldBe(["10.9.0.2/24", "10.9.0.3/24", "10.10.0.2/16", "fd00:9::2/64"], ignoreOrder: true);
        (await AddressesAsync("eth1")).ShouldBeEmpty();
        (await RoutesAsync("eth1")).ShouldBeEmpty();
        (await _node.Host.IpAsync("route show default")).ShouldContain($"default via 10.9.0.1 dev {Bridge}");
        await Eventually.Succeeds(() => _outside.RunAsync("ping", "-c1", "-W1", "10.9.0.2"));

        await DeleteNetworkAsync();
        await GoneAsync();
        await ShouldBeAsBeforeAsync("eth1", before);
    }

    [Fact]
    public async Task The_ConfigMap_of_the_external_gateway_names_a_nic_of_gateway_nodes()
    {
        await ConfigureAsync("eth1");
        var before = await StateAsync("eth1");
        _node.StartAgent(_node.Options with { ExternalGatewaySwitch = _network });
        await cluster.KubectlAsync("create", "configmap", ExternalGatewayConfig.Name, "--namespace=kube-system", "--from-literal=external-gw-nic=eth1");
        try
        {
            await cluster.KubectlAsync("label", "node", _node.Name, $"{Names.Labels.ExternalGateway}=true");
            await ReadyAsync("eth1");
            _node.Ovs.Current.ExternalId(OvsIds.BridgeMappings).ShouldBe($"{_network}:{Bridge}");

            await cluster.KubectlAsync("label", "node", _node.Name, "--overwrite", $"{Names.Labels.ExternalGateway}=false");
            await Eventually.Succeeds(() => ShouldBeAsBeforeAsync("eth1", before));
            _node.Ovs.Current.Bridge(Bridge).ShouldBeNull(_node.Log);
        }
        finally
        {
            await cluster.KubectlAsync("delete", "configmap", ExternalGatewayConfig.Name, "--namespace=kube-system");
        }
    }

    [Fact]
    public async Task The_database_says_what_ovn_controller_has_to_know()
    {
        await _node.VsctlAsync("set", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings=other:br-other");
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204));
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");

        var snapshot = _node.Ovs.Current;
        snapshot.ExternalId(OvsIds.BridgeMappings).ShouldBe($"other:br-other,{_network}:{Bridge}");
        snapshot.ExternalId(OvsIds.ChassisMacMappings).ShouldBeNull();
        var bridge = snapshot.Bridge(Bridge).ShouldNotBeNull();
        bridge.DatapathType.ShouldBe("netdev");
        bridge.ExternalIds.ToString().ShouldBe("{exchange-link-name=false, provider-network=" + _network + ", vendor=kube-ovn}");
        snapshot.Port("eth1")!.Value.ExternalIds.ToString().ShouldBe("{vendor=kube-ovn}");
        snapshot.Port("eth1")!.Value.Trunks.ToString().ShouldBe("[0, 204]");
        (await _node.GetAsync()).Metadata.Label(Names.Labels.ProviderNetworkMtu(_network)).ShouldBe("1500");

        await cluster.KubectlAsync("patch", "vlan", _network, "--type=merge", "-p", """{"spec":{"id":205}}""");
        await Eventually.Succeeds(() => _node.Ovs.Current.Port("eth1")!.Value.Trunks.ToString().ShouldBe("[0, 205]"));
        await cluster.KubectlAsync("delete", "vlan", _network);
        await DeleteNetworkAsync();
        await GoneAsync();
        _node.Ovs.Current.ExternalId(OvsIds.BridgeMappings).ShouldBe("other:br-other");
        _node.Ovs.Current.ExternalId(OvsIds.ChassisMacMappings).ShouldBeNull();
    }

    /// <summary>A gateway port is on one node at a time: hiding its MAC address would hide where it went.</summary>
    [Fact]
    public async Task The_chassis_has_a_mac_address_where_a_router_is_on_all_nodes()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204));
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new ObjectMeta { Name = _network },
            Spec = new SubnetSpec { CidrBlock = "10.9.0.0/16", Vlan = _network },
        });

        await cluster.KubectlAsync("patch", "subnet", _network, "--type=merge", "-p", """{"spec":{"logicalGateway":true}}""");
        await Eventually.Succeeds(() => _node.Ovs.Current.ExternalId(OvsIds.ChassisMacMappings)
            .ShouldNotBeNull().ShouldMatch($"^{_network}:[0-9a-f][26ae](:[0-9a-f]{{2}}){{5}}$"));

        await cluster.KubectlAsync("patch", "subnet", _network, "--type=merge", "-p", """{"spec":{"logicalGateway":false}}""");
        await Eventually.Succeeds(() => _node.Ovs.Current.ExternalId(OvsIds.ChassisMacMappings).ShouldBeNull());
        await cluster.KubectlAsync("delete", "subnet,vlan", _network);
    }

    [Fact]
    public async Task A_restart_with_nothing_to_do_does_nothing()
    {
        await ConfigureAsync("eth1");
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        await _node.StopAgentAsync();

        var (links, node, version) = (await LinksAsync(), (await _node.GetAsync()).Metadata.ResourceVersion, _node.Ovs.Current.Replica.Version);
        _node.StartAgent();
        await Eventually.Succeeds(() => _node.Log.Split("Listed").Length.ShouldBeGreaterThan(10));
        await _node.VsctlAsync("--no-wait", "set", "Open_vSwitch", ".", "external_ids:probe=1");
        await Eventually.Succeeds(() => _node.Ovs.Current.ExternalId("probe").ShouldBe("1"));

        _node.Ovs.Current.Replica.Version.ShouldBe(version + 1, _node.Log);
        (await LinksAsync()).ShouldBe(links);
        (await _node.GetAsync()).Metadata.ResourceVersion.ShouldBe(node);
    }

    [Fact]
    public async Task Another_nic_is_taken_when_the_object_names_another()
    {
        await AddNicAsync("eth2", "10.11.0.1");
        await ConfigureAsync("eth1");
        await _node.Host.IpAsync("addr add 10.11.0.2/24 dev eth2");
        var before = await StateAsync("eth1");
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");

        await cluster.KubectlAsync("patch", "provider-network", _network, "--type=merge", "-p", """{"spec":{"defaultInterface":"eth2"}}""");
        await ReadyAsync("eth2");
        (await AddressesAsync(Bridge)).ShouldBe(["10.11.0.2/24"]);
        await ShouldBeAsBeforeAsync("eth1", before);
    }

    [Fact]
    public async Task The_bridge_takes_the_nics_name_and_gives_it_back()
    {
        await ConfigureAsync("eth1");
        var before = await StateAsync("eth1");
        _node.StartAgent();
        await CreateNetworkAsync("eth1", exchange: true);
        await ReadyAsync("eth1");
        (await AddressesAsync("eth1")).ShouldBe(["10.9.0.2/24", "10.9.0.3/24", "10.10.0.2/16", "fd00:9::2/64"], ignoreOrder: true);
        (await AddressesAsync(Bridge)).ShouldBeEmpty();
        _node.Ovs.Current.ExternalId(OvsIds.BridgeMappings).ShouldBe($"{_network}:eth1");
        _node.Ovs.Current.Bridge("eth1").ShouldNotBeNull().Row["external_ids"].Get(OvsIds.ExchangeLinkName).ShouldBe("true");

        await DeleteNetworkAsync();
        await GoneAsync();
        await Eventually.Succeeds(() => ShouldBeAsBeforeAsync("eth1", before));
        _node.Ovs.Current.ExternalId(OvsIds.ExchangedLinks).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_removed_while_the_agent_was_away_is_given_back_when_it_is_back()
    {
        await ConfigureAsync("eth1");
        var before = await StateAsync("eth1");
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        await _node.StopAgentAsync();
        await DeleteNetworkAsync();

        _node.StartAgent();
        await GoneAsync();
        await ShouldBeAsBeforeAsync("eth1", before);
    }

    [Fact]
    public async Task A_node_that_is_excluded_says_so_and_has_no_bridge()
    {
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        await cluster.KubectlAsync("patch", "provider-network", _network, "--type=merge", "-p", $$$"""{"spec":{"excludeNodes":["{{{_node.Name}}}"]}}""");
        await Eventually.Succeeds(async () =>
        {
            var metadata = (await _node.GetAsync()).Metadata;
            metadata.Label(Names.Labels.ProviderNetworkExclude(_network)).ShouldBe("true");
            metadata.Label(Names.Labels.ProviderNetworkReady(_network)).ShouldBeNull();
        });
        _node.Ovs.Current.Bridge(Bridge).ShouldBeNull();
    }

    [Fact]
    public async Task A_network_that_is_being_deleted_works_on_until_the_controller_lets_it_go()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204));
        _node.StartAgent();
        await CreateNetworkAsync("eth1", finalizer: Names.Finalizer);
        await ReadyAsync("eth1");

        await DeleteNetworkAsync();
        await cluster.KubectlAsync("patch", "vlan", _network, "--type=merge", "-p", """{"spec":{"id":205}}""");
        await TrunksAsync("[0, 205]");
        await cluster.KubectlAsync("delete", "vlan", _network);
        await TrunksAsync("0");
        await ReadyAsync("eth1");

        await LetGoAsync();
        await GoneAsync();
    }

    [Fact]
    public async Task A_network_that_vanishes_stays_on_the_node_while_Vlans_are_on_it()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204));
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");

        await DeleteNetworkAsync();
        await ErrorAsync($"ProviderNetwork {_network} does not exist, but others use it");
        await ReadyAsync("eth1");
        await TrunksAsync("[0, 204]");
        _node.Ovs.Current.ExternalId(OvsIds.BridgeMappings).ShouldBe($"{_network}:{Bridge}");

        await cluster.KubectlAsync("delete", "vlan", _network);
        await GoneAsync();
    }

    [Fact]
    public async Task The_tag_of_a_Vlan_that_vanishes_stays_while_a_subnet_is_on_the_bridge()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204));
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new ObjectMeta { Name = _network },
            Spec = new SubnetSpec { CidrBlock = "10.9.0.0/16", Vlan = _network, LogicalGateway = true },
        });
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        await Eventually.Succeeds(() => _node.Ovs.Current.ExternalId(OvsIds.ChassisMacMappings).ShouldNotBeNull());
        await _node.VsctlAsync(
            "add-port", Bridge, "patch", "--", "set", "Interface", "patch", "type=patch", "options:peer=none",
            "--", "set", "Port", "patch", $"external_ids:ovn-localnet-port={Names.LocalnetPort(_network)}");

        await cluster.KubectlAsync("delete", "vlan", _network);
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(300) with { Metadata = new ObjectMeta { Name = $"{_network}-2" } });
        await TrunksAsync("[0, 204, 300]");
        _node.Ovs.Current.ExternalId(OvsIds.ChassisMacMappings).ShouldNotBeNull();
        await cluster.KubectlAsync("delete", "vlan", $"{_network}-2");
        await DeleteNetworkAsync();
        await ErrorAsync($"ProviderNetwork {_network} does not exist, but others use it");
        await TrunksAsync("[0, 204, 300]");

        await cluster.KubectlAsync("delete", "subnet", _network);
        await GoneAsync();
    }

    [Fact]
    public async Task A_nic_that_is_away_for_a_moment_keeps_its_place()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204));
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");

        await _node.Host.IpAsync("link set eth1 name away");
        await ErrorAsync("interface eth1 does not exist");
        await ReadyAsync("eth1");
        await TrunksAsync("[0, 204]");
        await _node.Host.IpAsync("link set away name eth1");
        await ErrorAsync(null);
        await ReadyAsync("eth1");

        await _node.Host.IpAsync("link set eth1 name away");
        await FailedAsync("interface eth1 does not exist");
        await TrunksAsync("[0, 204]");
        await cluster.KubectlAsync("delete", "vlan", _network);
    }

    [Fact]
    public async Task A_nic_that_is_not_there_takes_no_bridge_away()
    {
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        var bridge = _node.Ovs.Current.Bridge(Bridge)!.Value.Row.ToString();

        foreach (var exchange in new[] { "false", "true" })
        {
            await cluster.KubectlAsync("patch", "provider-network", _network, "--type=merge", "-p", $$$"""{"spec":{"defaultInterface":"eth9","exchangeLinkName":{{{exchange}}}}}""");
            await ErrorAsync("interface eth9 does not exist");
            await ReadyAsync("eth1");
            _node.Ovs.Current.Bridge(Bridge)!.Value.Row.ToString().ShouldBe(bridge);
            await cluster.KubectlAsync("patch", "provider-network", _network, "--type=merge", "-p", """{"spec":{"defaultInterface":"eth1","exchangeLinkName":false}}""");
            await ErrorAsync(null);
        }
    }

    [Fact]
    public async Task A_node_that_is_not_known_is_not_taken_for_one_that_is_not_selected()
    {
        _node.StartAgent();
        await cluster.KubectlAsync("label", "node", _node.Name, "rack=1");
        await cluster.Admin.CreateAsync(SluiceResources.ProviderNetworks, new ProviderNetwork
        {
            Metadata = new ObjectMeta { Name = _network },
            Spec = new ProviderNetworkSpec { DefaultInterface = "eth1", NodeSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["rack"] = "1" } } },
        });
        await ReadyAsync("eth1");

        var bridge = _node.Ovs.Current.Bridge(Bridge)!.Value.Uuid;
        await cluster.Admin.DeleteAsync(CoreResources.Nodes, ns: null, _node.Name);
        await Eventually.Succeeds(() => _node.Log.ShouldContain($"spec.nodeSelector: there is no Node {_node.Name} yet"));
        await cluster.Admin.CreateAsync(CoreResources.Nodes, new Node { Metadata = new ObjectMeta { Name = _node.Name, Labels = new Dictionary<string, string> { ["rack"] = "1" } } });
        await ReadyAsync("eth1");
        _node.Ovs.Current.Bridge(Bridge)!.Value.Uuid.ShouldBe(bridge);
    }

    [Fact]
    public async Task A_Vlan_that_names_no_network_is_on_the_default_one()
    {
        _node.StartAgent(_node.Options with { DefaultProviderName = _network });
        await CreateNetworkAsync("eth1");
        await ReadyAsync("eth1");
        await cluster.Admin.CreateAsync(SluiceResources.Vlans, VlanOf(204) with { Spec = new VlanSpec { Id = 204, Provider = "" } });
        await TrunksAsync("[0, 204]");
        await cluster.KubectlAsync("delete", "vlan", _network);
        await TrunksAsync("0");
    }

    [Fact]
    public async Task A_bridge_of_somebody_else_is_never_touched()
    {
        await _node.VsctlAsync("add-br", Bridge, "--", "set", "Bridge", Bridge, "datapath_type=netdev");
        var version = _node.Ovs.Current.Bridge(Bridge)!.Value.Row.ToString();
        _node.StartAgent();
        await CreateNetworkAsync("eth1");
        await FailedAsync($"bridge {Bridge} exists and was not made by this agent");
        await DeleteNetworkAsync();
        await Eventually.Succeeds(async () =>
            (await _node.GetAsync()).Metadata.Annotation(Names.Annotations.ProviderNetworkError(_network)).ShouldBeNull());
        _node.Ovs.Current.Bridge(Bridge)!.Value.Row.ToString().ShouldBe(version);
        _node.Ovs.Current.Port("eth1").ShouldBeNull();
    }

    [Fact]
    public async Task A_nic_that_comes_later_is_taken_then()
    {
        _node.StartAgent();
        await CreateNetworkAsync("eth7");
        await FailedAsync("interface eth7 does not exist");
        await AddNicAsync("eth7", "10.12.0.1");
        await ReadyAsync("eth7");
        (await _node.GetAsync()).Metadata.Annotation(Names.Annotations.ProviderNetworkError(_network)).ShouldBeNull();
    }

    /// <summary>An interface of the node whose other end is outside.</summary>
    private async Task AddNicAsync(string name, string gateway)
    {
        await _node.Host.IpAsync($"link add {name} type veth peer name o{name} netns {_outside.Name}");
        await _node.Host.IpAsync($"link set {name} up");
        await _outside.IpAsync($"link set o{name} up");
        await _outside.IpAsync($"addr add {gateway}/24 dev o{name}");
    }

    /// <summary>All kinds of addresses and routes.</summary>
    private async Task ConfigureAsync(string nic)
    {
        foreach (var command in new[]
        {
            $"addr add 10.9.0.2/24 broadcast + dev {nic}",
            $"addr add 10.9.0.3/24 dev {nic} label {nic}:1",
            $"addr add 10.10.0.2/16 dev {nic} scope link",
            $"-6 addr add fd00:9::2/64 dev {nic} nodad",
            $"route add default via 10.9.0.1 dev {nic} metric 100",
            $"route add 172.16.0.0/12 via 10.9.0.1 dev {nic} src 10.9.0.3 mtu 1300 proto static",
            $"route add 172.17.0.0/16 dev {nic} scope link table 100",
            $"route add 172.18.0.0/16 nexthop via 10.9.0.1 dev {nic} weight 2 nexthop via 10.10.0.1 dev {nic}",
            $"-6 route add default via fd00:9::1 dev {nic} metric 512",
            $"-6 route add fd01::/48 via fd00:9::1 dev {nic} table 100",
        })
        {
            await _node.Host.IpAsync(command);
        }

        // The kernel asks around for a second before it takes its own link-local address.
        await Eventually.Succeeds(async () => (await _node.Host.IpAsync($"addr show dev {nic}")).ShouldNotContain("tentative"));
    }

    /// <summary>Everything the kernel tells about a NIC and its routes, but counters.</summary>
    private async Task<string[]> StateAsync(string nic) =>
        [.. string.Concat(
            await _node.Host.IpAsync($"-j -d addr show dev {nic}"),
            await _node.Host.IpAsync("-j -4 route show table all"),
            await _node.Host.IpAsync("-j -6 route show table all")).Split("},{").Where(entry => entry.Contains(nic, StringComparison.Ordinal))];

    private async Task ShouldBeAsBeforeAsync(string nic, string[] before)
    {
        var now = await StateAsync(nic);
        before.Except(now).ShouldBeEmpty();
        now.ShouldBe(before);
    }

    private Task<string> LinksAsync() => _node.Host.IpAsync("-j -d addr show");

    private async Task<string[]> AddressesAsync(string link) =>
        [.. (await _node.Host.IpAsync($"-br addr show dev {link}")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Contains('/', StringComparison.Ordinal) && !word.StartsWith("fe80", StringComparison.Ordinal))];

    private async Task<string[]> RoutesAsync(string link) =>
        [.. (await _node.Host.IpAsync("route show table all")).Split('\n')
            .Where(line => line.Contains($"dev {link}", StringComparison.Ordinal) && !line.Contains("proto kernel", StringComparison.Ordinal))];

    private Vlan VlanOf(int id) => new()
    {
        Metadata = new ObjectMeta { Name = _network },
        Spec = new VlanSpec { Id = id, Provider = _network },
    };

    private Task CreateNetworkAsync(string nic, bool exchange = false, string? finalizer = null) => cluster.Admin.CreateAsync(SluiceResources.ProviderNetworks, new ProviderNetwork
    {
        Metadata = new ObjectMeta { Name = _network, Finalizers = finalizer is null ? null : [finalizer] },
        Spec = new ProviderNetworkSpec { DefaultInterface = nic, ExchangeLinkName = exchange },
    });

    /// <summary>As the controller does when nothing is on the network any more.</summary>
    private Task LetGoAsync() => cluster.KubectlAsync("patch", "provider-network", _network, "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");

    private Task DeleteNetworkAsync() => cluster.Admin.DeleteAsync(SluiceResources.ProviderNetworks, ns: null, _network);

    private Task ReadyAsync(string nic) => Eventually.Succeeds(async () =>
    {
        var metadata = (await _node.GetAsync()).Metadata;
        metadata.Label(Names.Labels.ProviderNetworkReady(_network)).ShouldBe("true", _node.Log);
        metadata.Label(Names.Labels.ProviderNetworkInterface(_network)).ShouldBe(nic, _node.Log);
    });

    private Task FailedAsync(string error) => Eventually.Succeeds(async () =>
    {
        var metadata = (await _node.GetAsync()).Metadata;
        metadata.Label(Names.Labels.ProviderNetworkReady(_network)).ShouldBeNull();
        metadata.Annotation(Names.Annotations.ProviderNetworkError(_network)).ShouldBe(error, _node.Log);
    });

    private Task TrunksAsync(string expected) =>
        Eventually.Succeeds(() => _node.Ovs.Current.Port("eth1")!.Value.Trunks.ToString().ShouldBe(expected, _node.Log));

    private Task ErrorAsync(string? error) => Eventually.Succeeds(async () =>
        (await _node.GetAsync()).Metadata.Annotation(Names.Annotations.ProviderNetworkError(_network)).ShouldBe(error, _node.Log));

    /// <summary>No bridge of ours, no label.</summary>
    private Task GoneAsync() => Eventually.Succeeds(async () =>
    {
        var current = _node.Ovs.Current;
        current.Bridges.Where(bridge => ProviderNetworkPlanner.NetworkOf(current, bridge) == _network).ShouldBeEmpty(_node.Log);
        (await _node.GetAsync()).Metadata.Labels?.Keys.Where(key => key.StartsWith(_network, StringComparison.Ordinal)).ShouldBeEmpty();
        (await _node.Host.IpAsync("-br link")).ShouldNotContain(Bridge);
    });
}
