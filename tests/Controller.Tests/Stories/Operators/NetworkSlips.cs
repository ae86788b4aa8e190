using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>A Vlan that a subnet uses: another tag, the tag of another one, another network.</summary>
internal static class VlanSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("vlan-a", """{"id":300}"""),
        Of("vlan-a", """{"id":0}"""),
        Of("vlan-a", """{"id":5000}"""),
        Of("vlan-a", """{"id":205,"provider":"pn-b"}"""),
        Of("vlan-a", """{"provider":"nowhere"}"""),
        Of("vlan-b", """{"provider":"pn-a"}"""),
        Of("vlan-b", """{"id":204,"provider":"pn-a"}"""),
        Of("vlan-b", """{"id":206}"""),
    ];

    private static Slip Of(string vlan, string fields) => Slips.Edit("vlan", SluiceResources.Vlans, LiveNetwork.Vlans.Named(vlan), fields);
}

/// <summary>A provider network that Vlans use.</summary>
internal static class ProviderNetworkSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("pn-a", """{"defaultInterface":"eth9"}"""),
        Of("pn-a", """{"defaultInterface":""}"""),
        Of("pn-a", """{"excludeNodes":["n1","n2","n3"]}"""),
        Of("pn-b", """{"customInterfaces":[{"interface":"eth9","nodes":["n1"]}]}"""),
        Of("pn-b", """{"nodeSelector":{"matchLabels":{"x":"y"}}}"""),
    ];

    private static Slip Of(string network, string fields) =>
        Slips.Edit("provider network", SluiceResources.ProviderNetworks, LiveNetwork.ProviderNetworks.Named(network), fields);
}

/// <summary>A VPC: namespaces, routes and connections.</summary>
internal static class VpcSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("v1", """{"namespaces":[]}"""),
        Of("v1", """{"namespaces":["default"]}"""),
        Of("v1", """{"enableExternal":false}"""),
        Of("v1", """{"staticRoutes":[{"cidr":"10.99.0.0/16","nextHopIP":"x"}]}"""),
        Of("v1", """{"staticRoutes":[{"cidr":"x","nextHopIP":"192.168.1.9"}]}"""),
        Of("v1", """{"policyRoutes":[{"priority":10,"match":"ip4","action":"reroute","nextHopIP":"x"}]}"""),
        Of("v1", """{"extraExternalSubnets":["nowhere"]}"""),
        Of("v1", """{"extraExternalSubnets":["in-2"]}"""),
        Of("v1", """{"vpcPeerings":[{"remoteVpc":"nowhere","localConnectIP":"x"}]}"""),
        Of("v1", """{"defaultSubnet":"nowhere"}"""),
        Of("v2", """{"extraExternalSubnets":[]}"""),
        Of("v2", """{"extraExternalSubnets":["nowhere"]}"""),
        Of("v2", """{"enableExternal":false}"""),
        Of("v2", """{"namespaces":["team"]}"""),
    ];

    private static Slip Of(string vpc, string fields) => Slips.Edit("vpc", SluiceResources.Vpcs, LiveNetwork.Vpcs.Named(vpc), fields);
}
