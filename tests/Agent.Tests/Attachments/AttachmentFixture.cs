using System.Text.Json.Nodes;
using Sluice.Agent.Tests.Support;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Tests.Attachments;

/// <summary>A node with an agent, a subnet on its integration bridge, and a gateway that answers.</summary>
internal sealed class AttachmentFixture : IAsyncDisposable
{
    private readonly ClusterFixture _cluster;
    private readonly List<TestPod> _pods = [];
    private readonly List<string> _names = [];

    private AttachmentFixture(ClusterFixture cluster, TestNode node, TestNamespace gateway)
    {
        _cluster = cluster;
        Node = node;
        Gateway = gateway;
    }

    public TestNode Node { get; }

    /// <summary>192.168.0.1 and fd00::1.</summary>
    public TestNamespace Gateway { get; }

    public string Subnet => $"s-{Node.Name}";

    public static async Task<AttachmentFixture> CreateAsync(ClusterFixture cluster)
    {
        var fixture = new AttachmentFixture(cluster, await TestNode.CreateAsync(cluster), await TestNamespace.CreateAsync());
        await fixture.Node.Host.IpAsync($"link add gateway type veth peer name eth0 netns {fixture.Gateway.Name}");
        await fixture.Node.Host.IpAsync("link set gateway up");
        await fixture.Gateway.IpAsync("link set eth0 up");
        await fixture.Gateway.IpAsync("addr add 192.168.0.1/24 dev eth0");
        await fixture.Gateway.IpAsync("addr add fd00::1/64 dev eth0 nodad");
        await fixture.Gateway.RunAsync("ethtool", "-K", "eth0", "tx", "off");
        await fixture.Node.VsctlAsync("add-port", "br-int", "gateway");
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new ObjectMeta { Name = fixture.Subnet },
            Spec = new SubnetSpec { CidrBlock = "192.168.0.0/24,fd00::/64", Gateway = "192.168.0.1,fd00::1" },
        });
        fixture.Node.StartAgent();
        await Eventually.Succeeds(() => File.Exists(fixture.Node.CniSocket).ShouldBeTrue(fixture.Node.Log));
        return fixture;
    }

    /// <summary>The annotations of a pod with the n-th address of the subnet.</summary>
    public Dictionary<string, string> Annotations(int n) => new()
    {
        ["ovn.kubernetes.io/allocated"] = "true",
        ["ovn.kubernetes.io/routed"] = "true",
        ["ovn.kubernetes.io/ip_address"] = $"192.168.0.{n},fd00::{n:x}",
        ["ovn.kubernetes.io/mac_address"] = Mac(n),
        ["ovn.kubernetes.io/cidr"] = "192.168.0.0/24,fd00::/64",
        ["ovn.kubernetes.io/gateway"] = "192.168.0.1,fd00::1",
        ["ovn.kubernetes.io/logical_switch"] = Subnet,
    };

    public static string Mac(int n) => $"00:00:00:0a:dd:{n:x2}";

    public string PodName(int n) => $"{Node.Name}-{n}";

    /// <summary>A pod and its IP as the API server has them, and a sandbox for it. The IP has the n-th address whatever the annotations say.</summary>
    public async Task<TestPod> CreatePodAsync(int n, Dictionary<string, string>? annotations = null, bool hasIpv6 = true)
    {
        var name = PodName(n);
        await _cluster.Admin.CreateAsync(CoreResources.Pods, new Pod
        {
            Metadata = new ObjectMeta { Namespace = "default", Name = name, Annotations = annotations ?? Annotations(n) },
            Spec = new PodSpec { NodeName = Node.Name, Containers = [new Container { Name = "main", Image = "none" }] },
        });
        _names.Add(name);
        await _cluster.Admin.CreateAsync(SluiceResources.Ips, new Ip
        {
            Metadata = new ObjectMeta { Name = $"{name}.default" },
            Spec = new IpSpec
            {
                PodName = name,
                Namespace = "default",
                Subnet = Subnet,
                V4IpAddress = $"192.168.0.{n}",
                V6IpAddress = hasIpv6 ? $"fd00::{n:x}" : "",
                MacAddress = Mac(n),
            },
        });
        return await CreateSandboxAsync(n);
    }

    /// <summary>Another sandbox for the same pod.</summary>
    public async Task<TestPod> CreateSandboxAsync(int n)
    {
        var pod = new TestPod(Node, await TestNamespace.CreateAsync(), PodName(n));
        _pods.Add(pod);
        return pod;
    }

    public Task DeleteRecordAsync(int n) => _cluster.Admin.DeleteAsync(SluiceResources.Ips, ns: null, $"{PodName(n)}.default");

    public Task DeletePodAsync(string name) =>
        _cluster.Admin.DeleteAsync(CoreResources.Pods, "default", name, new DeleteOptions { GracePeriodSeconds = 0 });

    public Task AnnotateAsync(int n, Dictionary<string, string> annotations)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject(annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) },
        };
        return _cluster.Admin.PatchAsync(CoreResources.Pods, "default", PodName(n), Patch.Merge(patch));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _names)
        {
            await DeletePodAsync(name);
            await _cluster.Admin.DeleteAsync(SluiceResources.Ips, ns: null, $"{name}.default");
        }
        await _cluster.Admin.DeleteAsync(SluiceResources.Subnets, ns: null, Subnet);
        foreach (var pod in _pods)
            await pod.DisposeAsync();
        await Node.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
