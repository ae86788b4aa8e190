using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Vpcs;

namespace Sluice.Bench;

/// <summary>The objects of a VPC with many floating IPs, as informer caches would hold them.</summary>
internal static class BigRouter
{
    public const string Name = "bench";

    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Subnet Overlay = new() { Metadata = Meta("s"), Spec = new() { Vpc = Name, CidrBlock = "10.0.0.0/8", Gateway = "10.255.255.254", Protocol = "IPv4", Provider = "ovn" } };
    private static readonly Subnet External = new() { Metadata = Meta("external"), Spec = new() { Vpc = "ovn-cluster", CidrBlock = "172.16.0.0/12", Gateway = "172.31.255.254", Protocol = "IPv4", Provider = "ovn", Vlan = "vlan" } };

    /// <summary>The input of the VPC's plan, with <paramref name="fips"/> floating IPs that are ready to be programmed.</summary>
    public static VpcInput Input(int fips) => new()
    {
        Name = Name,
        Vpc = new Vpc { Metadata = Meta(Name), Spec = new() { EnableExternal = true } },
        Settings = new() { DefaultExternalSubnet = "external" },
        Subnets = [Overlay],
        ExternalSubnets = [External],
        RouterEips = [Eip($"{Name}-external", "172.31.255.253", "lrp")],
        GatewayNodes = [.. Enumerable.Range(1, 3).Select(i => new GatewayNode($"n{i}", $"chassis-{i}", true) { Metadata = Meta($"n{i}") })],
        Fips = [.. Enumerable.Range(1, fips).Select(Fip)],
    };

    /// <summary>The same input after one FIP was pointed at another pod.</summary>
    /// <param name="change">Another number is another pod.</param>
    public static VpcInput WithOneChanged(VpcInput input, int number, int change)
    {
        var old = input.Fips[number];
        var moved = old with
        {
            Ip = old.Ip! with { Spec = old.Ip.Spec! with { V4IpAddress = string.Create(CultureInfo.InvariantCulture, $"10.{200 + (change >> 16)}.{(change >> 8) & 255}.{change & 255}") } },
        };
        return input with { Fips = input.Fips.SetItem(number, moved) };
    }

    private static RuleInput<OvnFip> Fip(int number)
    {
        var (external, logical) = RawRows.Addresses(number);
        var name = string.Create(CultureInfo.InvariantCulture, $"fip-{number}");
        var pod = string.Create(CultureInfo.InvariantCulture, $"pod-{number}.bench");
        return new(
            new OvnFip { Metadata = Meta(name), Spec = new() { OvnEip = name, IpName = pod } },
            Eip(name, external, "nat"),
            new Ip
            {
                Metadata = Meta(pod),
                Spec = new() { PodName = $"pod-{number}", Namespace = "bench", Subnet = "s", V4IpAddress = logical, MacAddress = Mac(number) },
            },
            Subnet: Overlay);
    }

    private static OvnEip Eip(string name, string address, string type) => new()
    {
        Metadata = Meta(name),
        Spec = new() { ExternalSubnet = "external", Type = type },
        Status = new() { V4Ip = address, MacAddress = Mac(address.GetHashCode(StringComparison.Ordinal)), Type = type, Ready = true },
    };

    private static string Mac(int number) => string.Create(
        CultureInfo.InvariantCulture, $"02:00:00:{(number >> 16) & 255:x2}:{(number >> 8) & 255:x2}:{number & 255:x2}");

    private static ObjectMeta Meta(string name) => new()
    {
        Name = name,
        Uid = name,
        CreationTimestamp = Created,
        Finalizers = [Names.Finalizer],
    };
}
