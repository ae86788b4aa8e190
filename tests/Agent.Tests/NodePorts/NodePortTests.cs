using System.Text.Json.Nodes;
using Sluice.Agent.Ovs;
using Sluice.Agent.Tests.Support;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Tests.NodePorts;

/// <summary>The node's own port in the overlay.</summary>
[Collection(ClusterCollection.Name)]
public sealed class NodePortTests(ClusterFixture cluster) : IAsyncLifetime
{
    private TestNode _node = null!;
    private TestNamespace _gateway = null!;

    public async Task InitializeAsync()
    {
        _node = await TestNode.CreateAsync(cluster, node => node with
        {
            Status = new NodeStatus
            {
                Addresses = [new NodeAddress { Type = "InternalIP", Address = "10.0.0.1" }, new NodeAddress { Type = "InternalIP", Address = "fd00::1" }],
                Conditions = [new CoreCondition { Type = "Ready", Status = "True", Reason = "KubeletReady" }],
            },
        });
        _gateway = await TestNamespace.CreateAsync();
        await _node.Host.IpAsync("link add name eth0 type veth peer name underlay");
        await _node.Host.IpAsync("link set eth0 up");
        await _node.Host.IpAsync("addr add 10.0.0.1/24 dev eth0");
    }

    public async Task DisposeAsync()
    {
        await cluster.KubectlAsync("delete", "subnet", $"a-{_node.Name}", $"b-{_node.Name}", "--ignore-not-found");
        await _node.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_node_is_a_chassis()
    {
        _node.StartAgent();
        await Eventually.Succeeds(async () =>
            (await _node.GetAsync()).Metadata.Annotation(Names.Annotations.Chassis).ShouldBe($"chassis-{_node.Name}", _node.Log));
    }

    [Fact]
    public async Task The_port_has_what_the_controller_gave_the_node()
    {
        await SubnetAsync("a", "10.16.0.0/16", vpc: "ovn-cluster");
        await SubnetAsync("b", "192.168.0.0/24", vpc: "vpc1");
        _node.StartAgent();
        await AnnotateAsync("100.64.0.2");
        await Eventually.Succeeds(async () =>
        {
            (await LinesAsync("-br addr show dev ovn0"))[0].ShouldContain("100.64.0.2/16", customMessage: _node.Log);
            (await LinesAsync("route show dev ovn0")).ShouldBe(
                ["10.16.0.0/16 via 100.64.0.1 proto static src 10.0.0.1", "100.64.0.0/16 proto kernel scope link src 100.64.0.2"]);
        });
        (await _node.Host.IpAsync("-d link show ovn0")).ShouldContain("00:00:00:11:22:33");
        (await _node.Host.IpAsync("-d link show ovn0")).ShouldContain("mtu 1400");
        var port = _node.Ovs.Current.Interface("ovn0")!.Value;
        (port.Type, port.ExternalIds).ShouldBe(
            ("internal", OvsOperations.Map(("vendor", "kube-ovn"), ("iface-id", $"node-{_node.Name}"), ("ip", "100.64.0.2"))));

        // An address that the controller changes, and a route that is no longer needed, go.
        await AnnotateAsync("100.64.0.3");
        await cluster.KubectlAsync("delete", "subnet", $"a-{_node.Name}");
        await Eventually.Succeeds(async () =>
            (await LinesAsync("route show dev ovn0")).ShouldBe(["100.64.0.0/16 proto kernel scope link src 100.64.0.3"], _node.Log));
    }

    [Fact]
    public async Task An_interface_that_is_made_anew_is_set_up_anew()
    {
        _node.StartAgent();
        await AnnotateAsync("100.64.0.2");
        await Eventually.Succeeds(async () => (await LinesAsync("-br addr show dev ovn0"))[0].ShouldContain("100.64.0.2/16"));
        await _node.Host.IpAsync("addr flush dev ovn0");
        await _node.Host.IpAsync("link set ovn0 down");
        await Eventually.Succeeds(async () =>
        {
            (await LinesAsync("-br addr show dev ovn0"))[0].ShouldContain("100.64.0.2/16", customMessage: _node.Log);
            (await _node.Host.IpAsync("link show ovn0")).ShouldContain(",UP");
        });
    }

    [Fact]
    public async Task The_node_says_whether_its_gateway_answers()
    {
        _node.StartAgent();
        await AnnotateAsync("100.64.0.2");
        await ConditionAsync("True", "JoinSubnetGatewayUnreachable");

        await _node.Host.IpAsync($"link add gateway type veth peer name eth0 netns {_gateway.Name}");
        await _node.Host.IpAsync("link set gateway up");
        await _gateway.IpAsync("link set eth0 up");
        await _gateway.IpAsync("addr add 100.64.0.1/16 dev eth0");
        await _node.VsctlAsync("add-port", "br-int", "gateway");
        await ConditionAsync("False", "JoinSubnetGatewayReachable");
    }

    private Task ConditionAsync(string status, string reason) => Eventually.Succeeds(async () =>
    {
        var node = await _node.GetAsync();
        var condition = node.Status.Conditions?.SingleOrDefault(condition => condition.Type == "NetworkUnavailable").ShouldNotBeNull(_node.Log);
        (condition!.Status, condition.Reason).ShouldBe((status, reason));

        // Other conditions belong to others.
        node.Status.Conditions!.Select(other => other.Type).ShouldContain("Ready");
    });

    private async Task SubnetAsync(string name, string cidr, string vpc) => await cluster.Admin.CreateAsync(SluiceResources.Subnets, new Subnet
    {
        Metadata = new ObjectMeta { Name = $"{name}-{_node.Name}" },
        Spec = new SubnetSpec { CidrBlock = cidr, Vpc = vpc },
    });

    private Task AnnotateAsync(string address)
    {
        var annotations = new JsonObject
        {
            ["ovn.kubernetes.io/allocated"] = "true",
            ["ovn.kubernetes.io/ip_address"] = address,
            ["ovn.kubernetes.io/mac_address"] = "00:00:00:11:22:33",
            ["ovn.kubernetes.io/cidr"] = "100.64.0.0/16",
            ["ovn.kubernetes.io/gateway"] = "100.64.0.1",
        };
        var patch = Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } });
        return cluster.Admin.PatchAsync(CoreResources.Nodes, ns: null, _node.Name, patch);
    }

    private async Task<string[]> LinesAsync(string command) =>
        (await _node.Host.IpAsync(command)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
