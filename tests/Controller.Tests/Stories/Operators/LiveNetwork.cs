using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>
/// A small network of which every part is in use, for operators to slip in: two underlay networks, two VPCs and the default one, pods,
/// Vips, a reservation, and a rule of each kind.
/// </summary>
internal static class LiveNetwork
{
    public const string Team = "team";

    public static ControllerOptions Options => new() { ExternalGatewaySwitch = "ext-a" };

    public static ProviderNetwork[] ProviderNetworks { get; } =
    [
        new() { Metadata = Meta("pn-a"), Spec = new() { DefaultInterface = "vlan" } },
        new() { Metadata = Meta("pn-b"), Spec = new() { DefaultInterface = "vlan" } },
    ];

    public static Vlan[] Vlans { get; } =
    [
        new() { Metadata = Meta("vlan-a"), Spec = new() { Id = 204, Provider = "pn-a" } },
        new() { Metadata = Meta("vlan-b"), Spec = new() { Id = 205, Provider = "pn-b" } },
    ];

    public static Vpc[] Vpcs { get; } =
    [
        new() { Metadata = Meta("v1"), Spec = new() { Namespaces = [Team], EnableExternal = true } },
        new() { Metadata = Meta("v2"), Spec = new() { EnableExternal = true, ExtraExternalSubnets = ["ext-b"] } },
    ];

    public static Subnet[] Subnets { get; } =
    [
        new()
        {
            Metadata = Meta("ext-a"),
            Spec = new()
            {
                Protocol = SubnetProtocols.IPv4, CidrBlock = "10.5.204.0/24", Gateway = "10.5.204.254", Vlan = "vlan-a",
                ExcludeIps = ["10.5.204.1..10.5.204.100"],
            },
        },
        new()
        {
            Metadata = Meta("ext-b"),
            Spec = new()
            {
                Protocol = SubnetProtocols.Dual, CidrBlock = "10.5.205.0/24,fd00:205::/64", Gateway = "10.5.205.254,fd00:205::fe",
                Vlan = "vlan-b",
                ExcludeIps = ["10.5.205.1..10.5.205.100"],
            },
        },
        new()
        {
            Metadata = Meta("in-1"),
            Spec = new()
            {
                Vpc = "v1", Protocol = SubnetProtocols.IPv4, CidrBlock = "192.168.1.0/24", Gateway = "192.168.1.1", Namespaces = [Team],
                ExcludeIps = ["192.168.1.1"],
            },
        },
        new()
        {
            Metadata = Meta("in-2"),
            Spec = new()
            {
                Vpc = "v2", Protocol = SubnetProtocols.Dual, CidrBlock = "192.168.2.0/24,fd00:2::/64", Gateway = "192.168.2.1,fd00:2::1",
                ExcludeIps = ["192.168.2.1", "fd00:2::1"], EnableDhcp = true,
            },
        },
    ];

    public static Node[] Nodes { get; } = [.. Enumerable.Range(1, 3).Select(Node)];

    public static Pod[] Pods { get; } =
    [
        Objects.Pod("p1", "n1", ns: Team),
        Objects.Pod("p2", "n2", ns: Team),
        Objects.Pod("web", "n1"),
        Objects.Pod("annotated", "n2", new Dictionary<string, string> { ["ovn.kubernetes.io/eip"] = "10.5.204.150" }),
    ];

    public static Vip[] Vips { get; } =
    [
        new() { Metadata = Meta("a"), Spec = new() { Subnet = "in-1" } },
        new() { Metadata = Meta("b"), Spec = new() { Subnet = "in-2" } },
    ];

    public static Ip[] Ips { get; } =
    [
        new() { Metadata = Meta("r1.team"), Spec = new() { PodName = "r1", Namespace = Team, Subnet = "in-2" } },
    ];

    public static OvnEip[] Eips { get; } =
    [
        Objects.Eip("e1", "10.5.204.111", "ext-a"),
        Objects.Eip("e2", null, "ext-a"),
        Objects.Eip("e3", null, "ext-a"),
        Objects.Eip("e4", null, "ext-b"),
        Objects.Eip("e5", null, "ext-a"),
        Objects.Eip("e6", null, "ext-a"),
    ];

    public static OvnFip[] Fips { get; } =
    [
        new() { Metadata = Meta("f1"), Spec = new() { OvnEip = "e1", IpName = "p1.team" } },
        new() { Metadata = Meta("f2"), Spec = new() { OvnEip = "e2", IpType = IpTypes.Vip, IpName = "a" } },
        new() { Metadata = Meta("f3"), Spec = new() { OvnEip = "e4", IpType = IpTypes.Vip, IpName = "b" } },
        new() { Metadata = Meta("f4"), Spec = new() { OvnEip = "e6", IpName = "web.default" } },
    ];

    public static OvnSnatRule[] SnatRules { get; } =
    [
        new() { Metadata = Meta("s1"), Spec = new() { OvnEip = "e3", VpcSubnet = "in-1" } },
        new() { Metadata = Meta("s2"), Spec = new() { OvnEip = "e5", IpName = "r1.team" } },
    ];

    public static OvnDnatRule[] DnatRules { get; } =
    [
        new()
        {
            Metadata = Meta("d1"),
            Spec = new() { OvnEip = "e3", IpName = "p2.team", Protocol = "tcp", ExternalPort = "8080", InternalPort = "80" },
        },
    ];

    public static ConfigMap Gateway { get; } = new()
    {
        Metadata = new() { Name = ExternalGatewayConfig.Name, Namespace = "kube-system" },
        Data = new Dictionary<string, string>
        {
            ["enable-external-gw"] = "true",
            ["external-gw-nodes"] = "n1,n2,n3",
            ["type"] = "centralized",
            ["external-gw-nic"] = "vlan",
            ["external-gw-addr"] = "10.5.204.254/24",
        },
    };

    /// <summary>Returns when all of it works.</summary>
    public static async Task BuildAsync(World world)
    {
        try
        {
            await world.CreateAsync(CoreResources.Namespaces, new Namespace { Metadata = Meta(Team) });
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // The API server keeps namespaces from one world to the next.
        }
        await CreateAsync(CoreResources.Nodes, Nodes);
        await CreateAsync(SluiceResources.ProviderNetworks, ProviderNetworks);
        await CreateAsync(SluiceResources.Vlans, Vlans);
        await CreateAsync(SluiceResources.Vpcs, Vpcs);
        await CreateAsync(SluiceResources.Subnets, Subnets);
        await CreateAsync(CoreResources.ConfigMaps, Gateway);
        // Whoever asks for an address comes before those who take the next one.
        await CreateAsync(CoreResources.Pods, Pods);
        await CreateAsync(SluiceResources.Vips, Vips);
        await CreateAsync(SluiceResources.Ips, Ips);
        await CreateAsync(SluiceResources.OvnEips, Eips);
        await CreateAsync(SluiceResources.OvnFips, Fips);
        await CreateAsync(SluiceResources.OvnSnatRules, SnatRules);
        await CreateAsync(SluiceResources.OvnDnatRules, DnatRules);

        foreach (var rule in Fips) await world.EventuallyAsync(SluiceResources.OvnFips, rule.Metadata.Name, rule => rule.Status?.Ready == true);
        foreach (var rule in SnatRules) await world.EventuallyAsync(SluiceResources.OvnSnatRules, rule.Metadata.Name, rule => rule.Status?.Ready == true);
        foreach (var rule in DnatRules) await world.EventuallyAsync(SluiceResources.OvnDnatRules, rule.Metadata.Name, rule => rule.Status?.Ready == true);
        foreach (var subnet in Subnets)
            await world.EventuallyAsync(SluiceResources.Subnets, subnet.Metadata.Name, item => item.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
        await world.EventuallyAsync(SluiceResources.Vpcs, "ovn-cluster", vpc => vpc.Status?.EnableExternal == true);
        await Idleness.WaitAsync(world, world.Controller);

        async Task CreateAsync<T>(ResourceType<T> type, params T[] items)
            where T : KubeObject
        {
            foreach (var item in items) await world.CreateAsync(type, item);
        }
    }

    private static Node Node(int number)
    {
        var node = Objects.Node($"n{number}", $"172.18.0.{number}");
        return node with
        {
            Metadata = node.Metadata with { Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = $"chassis-{number}" } },
        };
    }

    private static ObjectMeta Meta(string name) => new() { Name = name };
}
