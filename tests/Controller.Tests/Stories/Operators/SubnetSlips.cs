using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sluice.Api;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>The CIDR of a live subnet: narrowed, moved, or not to be read.</summary>
internal static class CidrSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("ext-a", """{"cidrBlock":"10.5.204.128/25"}"""),
        Of("ext-a", """{"cidrBlock":"10.6.0.0/24","gateway":"10.6.0.254"}"""),
        Of("ext-a", """{"cidrBlock":"10.5.204.0/33"}"""),
        Of("ext-a", """{"cidrBlock":"10.5.204.0"}"""),
        Of("ext-a", """{"cidrBlock":"10.5.204.9/24"}"""),
        Of("ext-a", """{"cidrBlock":"0.0.0.0/0"}"""),
        Of("ext-a", """{"cidrBlock":"10.5.204.254/31"}"""),
        Of("ext-a", """{"cidrBlock":"10.5.204.254/32"}"""),
        Of("ext-a", """{"cidrBlock":"::ffff:10.5.204.0/120"}"""),
        Of("ext-a", """{"cidrBlock":"10.5.204.0/24,10.5.206.0/24"}"""),
        Of("ext-a", """{"cidrBlock":""}"""),
        Of("ext-b", """{"cidrBlock":"10.5.205.0/24","gateway":"10.5.205.254"}"""),
        Of("ext-b", """{"cidrBlock":"10.5.205.0/24,fd00:206::/64","gateway":"10.5.205.254,fd00:206::fe"}"""),
        Of("in-1", """{"cidrBlock":"192.168.1.128/25","gateway":"192.168.1.129"}"""),
        Of("in-1", """{"cidrBlock":"192.168.7.0/24","gateway":"192.168.7.1"}"""),
        Of("in-1", """{"cidrBlock":"10.5.204.0/24","gateway":"10.5.204.1"}"""),
        Of("in-1", """{"cidrBlock":"192.168.1.0/24;"}"""),
        Of("in-2", """{"cidrBlock":"192.168.2.0/24","gateway":"192.168.2.1","protocol":"IPv4"}"""),
        Of("in-2", """{"cidrBlock":"fd00:2::/64,192.168.2.0/24"}"""),
        Of("in-2", """{"cidrBlock":"192.168.2.0/24,FD00:2::/64"}"""),
    ];

    private static Slip Of(string subnet, string fields) => Slips.Edit("cidrBlock", SluiceResources.Subnets, LiveNetwork.Subnets.Named(subnet), fields);
}

/// <summary>The excluded addresses of a live subnet: not to be read, swapped, or in use.</summary>
internal static class RangeSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("ext-a", "10.5.204.1..10.5.204.100", "10.5.204.240-10.5.204.250"),
        Of("ext-a", "10.5.204.250..10.5.204.240"),
        Of("ext-a", "10.5.204.240/29"),
        Of("ext-a", "10.5.204.1,10.5.204.2"),
        Of("ext-a", "10.5.204.1..10.5.204.2..10.5.204.3"),
        Of("ext-a", "fd00::1..fd00::9"),
        Of("ext-a", "10.5.204.300"),
        Of("ext-a", ""),
        // These can be read. Who has an address keeps it.
        Of("ext-a", "10.5.204.1..10.5.204.200"),
        Of("ext-a", "10.5.204.90..10.5.204.120", "10.5.204.1..10.5.204.100", "10.5.204.50..10.5.204.60"),
        Of("ext-a", [.. Enumerable.Range(0, 10_000).Select(number => $"10.5.204.{(number % 100) + 1}")]),
        Of("ext-b", "10.5.205.1..fd00:205::9"),
        Of("in-1", "192.168.1.1-192.168.1.9"),
        Of("in-1", "192.168.1.1..192.168.1.254"),
        Of("in-2", "192.168.2.9..192.168.2.1"),
    ];

    private static Slip Of(string subnet, params string[] ranges) => Slips.Edit(
        "excludeIps", SluiceResources.Subnets, LiveNetwork.Subnets.Named(subnet), new JsonObject { ["excludeIps"] = new JsonArray([.. ranges]) }.ToJsonString());
}

/// <summary>The gateway of a live subnet: outside of it, not to be read, or an address that somebody has.</summary>
internal static class GatewaySlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("ext-a", "10.5.204.111"),
        Of("ext-a", "10.5.204.150"),
        Of("ext-a", "10.5.205.254"),
        Of("ext-a", "10.5.204.0"),
        Of("ext-a", "10.5.204.255"),
        Of("ext-a", "10.5.204.254,10.5.204.253"),
        Of("ext-a", "fd00::1"),
        Of("ext-a", "x"),
        Of("ext-b", "fd00:205::fe"),
        Of("ext-b", "10.5.205.254,10.5.205.253"),
        Of("in-1", "192.168.1.2"),
        Of("in-1", "192.168.1.254"),
        Of("in-1", "192.168.2.1"),
        Of("in-2", "192.168.2.1"),
    ];

    private static Slip Of(string subnet, string gateway) =>
        Slips.Edit("gateway", SluiceResources.Subnets, LiveNetwork.Subnets.Named(subnet), $$"""{"gateway":"{{gateway}}"}""");
}

/// <summary>The other fields of a live subnet.</summary>
internal static class SubnetFieldSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("in-1", """{"mtu":60}"""),
        Of("in-1", """{"mtu":70000}"""),
        Of("in-1", """{"vips":["1.2.3.4"]}"""),
        Of("in-1", """{"vips":["x"]}"""),
        Of("in-1", """{"allowSubnets":["x"]}"""),
        Of("in-1", """{"private":true,"allowSubnets":["x"]}"""),
        Of("in-1", """{"vpc":"v2"}"""),
        Of("in-1", """{"vpc":"nowhere"}"""),
        Of("in-1", """{"vlan":"vlan-a"}"""),
        Of("in-1", """{"namespaces":["team","default"]}"""),
        Of("in-1", """{"protocol":"IPv6"}"""),
        Of("in-1", """{"provider":"x"}"""),
        Of("in-1", """{"gatewayType":"centralized","gatewayNode":"nowhere"}"""),
        Of("in-2", """{"mtu":1000}"""),
        Of("in-2", """{"dhcpV4Options":"x"}"""),
        Of("in-2", """{"logicalGateway":true}"""),
        Of("ext-a", """{"vlan":"vlan-b"}"""),
        Of("ext-a", """{"vlan":"nowhere"}"""),
        Of("ext-a", """{"vlan":""}"""),
        Of("ext-a", """{"logicalGateway":true}"""),
        Of("ext-a", """{"vpc":"v1"}"""),
        Of("ext-a", """{"mtu":60}"""),
        Of("ext-b", """{"vlan":"vlan-a"}"""),
        Of("ext-b", """{"protocol":"IPv4"}"""),
    ];

    private static Slip Of(string subnet, string fields) => Slips.Edit("subnet fields", SluiceResources.Subnets, LiveNetwork.Subnets.Named(subnet), fields);
}
