using System.Globalization;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// A sequence of what users do, drawn from a seed. There are few names, so that objects come, change, go and come again, refer to what
/// is not there and want what others have.
/// </summary>
internal sealed class Story(int seed)
{
    private static readonly string[] Externals = ["ext-a", "ext-b"];
    private static readonly string[] Vpcs = ["v1", "v2"];
    private static readonly string[] Inners = ["in-1", "in-2", "in-3"];
    private static readonly string[] Eips = ["e1", "e2", "e3", "e4", "e5", "v1-ext-a"];
    private static readonly string[] Vips = ["a", "b", "c"];
    private static readonly string[] Ips = ["p1.ns", "p2.ns", "p3.ns"];
    private static readonly string[] Nodes = ["n1", "n2", "n3"];

    private readonly Random _random = new(seed);

    /// <summary>The next thing to happen.</summary>
    public IStep Next() => _random.Next(20) switch
    {
        0 => Of(SluiceResources.Subnets, Pick(Externals), External),
        1 or 2 => Of(SluiceResources.Subnets, Pick(Inners), Inner),
        3 or 4 => Of(SluiceResources.Vpcs, Pick(Vpcs), Vpc),
        5 => Of(CoreResources.Nodes, Pick(Nodes), Node),
        6 or 7 or 8 => Of(SluiceResources.OvnEips, Pick(Eips), Eip),
        9 => Of(SluiceResources.Vips, Pick(Vips), name => new Vip { Metadata = Meta(name), Spec = new() { Subnet = Pick(Inners) } }),
        10 or 11 => Of(SluiceResources.Ips, Pick(Ips), Ip),
        12 or 13 or 14 => Of(SluiceResources.OvnFips, Pick("f1", "f2", "f3"), Fip),
        15 or 16 => Of(SluiceResources.OvnSnatRules, Pick("s1", "s2", "s3"), Snat),
        17 or 18 => Of(SluiceResources.OvnDnatRules, Pick("d1", "d2", "d3"), Dnat),
        _ => new Restart(),
    };

    // What exists is left three times in four, and then changed as the new spec says.
    private Step<T> Of<T>(ResourceType<T> type, string name, Func<string, T> create)
        where T : KubeObject => _random.Next(4) == 0 ? new(type, name, null) : new(type, name, create(name));

    private Subnet External(string name) => new()
    {
        Metadata = Meta(name),
        Spec = name == "ext-a"
            ? new() { CidrBlock = "10.5.204.0/24", Gateway = "10.5.204.254", Vlan = "vlan-a", ExcludeIps = ["10.5.204.1..10.5.204.100"] }
            : new() { CidrBlock = "10.5.205.0/24,fd00:205::/64", Gateway = "10.5.205.254,fd00:205::fe", Vlan = "vlan-b" },
    };

    private Subnet Inner(string name) => new()
    {
        Metadata = Meta(name),
        Spec = name switch
        {
            "in-1" => new() { Vpc = "v1", CidrBlock = "192.168.1.0/24" },
            "in-2" => new() { Vpc = "v1", CidrBlock = "192.168.2.0/24,fd00:2::/64" },
            _ => new() { Vpc = "v2", CidrBlock = "192.168.1.0/24" },
        },
    };

    private Vpc Vpc(string name) => new()
    {
        Metadata = Meta(name),
        Spec = new() { EnableExternal = _random.Next(4) > 0, ExtraExternalSubnets = _random.Next(3) == 0 ? ["ext-b"] : null },
    };

    private Node Node(string name)
    {
        var number = name[1] - '0';
        var node = Objects.Node(name, $"172.18.0.{number}");
        return node with
        {
            Metadata = node.Metadata with
            {
                Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = _random.Next(4) > 0 ? "true" : "false" },
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = $"chassis-{number}" },
            },
        };
    }

    private OvnEip Eip(string name) => new()
    {
        Metadata = Meta(name),
        Spec = new()
        {
            ExternalSubnet = name == "v1-ext-a" || _random.Next(3) > 0 ? "ext-a" : "ext-b",
            Type = name == "v1-ext-a" ? EipTypes.Lrp : EipTypes.Nat,
            V4Ip = _random.Next(3) == 0 ? $"10.5.204.{_random.Next(101, 105).ToString(CultureInfo.InvariantCulture)}" : null,
        },
    };

    private Ip Ip(string name) => new()
    {
        Metadata = Meta(name),
        Spec = new() { PodName = name[..2], Namespace = "ns", Subnet = Pick(Inners) },
    };

    private OvnFip Fip(string name)
    {
        var eip = Pick(Eips);
        var type = Pick(null, GatewayTypes.Centralized, GatewayTypes.Distributed);
        return new()
        {
            Metadata = Meta(name),
            Spec = _random.Next(3) switch
            {
                0 => new() { OvnEip = eip, IpType = IpTypes.Vip, IpName = Pick(Vips), Type = type },
                1 => new() { OvnEip = eip, Vpc = Pick(Vpcs), V4Ip = Pick("192.168.1.77", "192.168.2.77"), Type = type },
                _ => new() { OvnEip = eip, IpName = Pick(Ips), Type = type },
            },
        };
    }

    private OvnSnatRule Snat(string name)
    {
        var eip = Pick(Eips);
        return new()
        {
            Metadata = Meta(name),
            Spec = _random.Next(3) switch
            {
                0 => new() { OvnEip = eip, IpName = Pick(Ips) },
                1 => new() { OvnEip = eip, Vpc = Pick(Vpcs), V4IpCidr = "192.168.1.0/28" },
                _ => new() { OvnEip = eip, VpcSubnet = Pick(Inners) },
            },
        };
    }

    private OvnDnatRule Dnat(string name) => new()
    {
        Metadata = Meta(name),
        Spec = new()
        {
            OvnEip = Pick(Eips),
            IpType = Pick(null, IpTypes.Vip),
            IpName = Pick([.. Ips, .. Vips]),
            Protocol = Pick("tcp", "udp", "TCP"),
            ExternalPort = Pick("80", "8080", "none"),
            InternalPort = Pick("80", "8080"),
        },
    };

    private static ObjectMeta Meta(string name) => new() { Name = name };

    private TItem Pick<TItem>(params TItem[] items) => items[_random.Next(items.Length)];
}
