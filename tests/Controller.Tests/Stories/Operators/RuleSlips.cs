using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>Objects that have addresses and ask for others that they cannot have.</summary>
internal static class AddressSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Eip("e2", """{"v4Ip":"10.5.204.111"}"""),
        Eip("e2", """{"v4Ip":"10.5.204.150"}"""),
        Eip("e2", """{"v4Ip":"10.6.6.6"}"""),
        Eip("e2", """{"v4Ip":"10.5.204.254"}"""),
        Eip("e2", """{"v4Ip":"x"}"""),
        Eip("e2", """{"macAddress":"x"}"""),
        Eip("e2", """{"externalSubnet":"ext-b"}"""),
        Eip("e3", """{"externalSubnet":"nowhere"}"""),
        Eip("e3", """{"externalSubnet":"in-1"}"""),
        Eip("e4", """{"v6Ip":"fd00:205::fe"}"""),
        Eip("e4", """{"v6Ip":"10.5.205.7"}"""),
        Vip("a", """{"v4ip":"192.168.1.1"}"""),
        Vip("a", """{"v4ip":"x"}"""),
        Vip("a", """{"subnet":"in-2"}"""),
        Vip("b", """{"subnet":"nowhere"}"""),
        Vip("b", """{"macAddress":"x"}"""),
        Slips.Edit("address", SluiceResources.Ips, LiveNetwork.Ips.Named("r1.team"), """{"subnet":"in-1"}"""),
        Slips.Edit("address", SluiceResources.Ips, LiveNetwork.Ips.Named("r1.team"), """{"subnet":"nowhere"}"""),
    ];

    private static Slip Eip(string name, string fields) => Slips.Edit("address", SluiceResources.OvnEips, LiveNetwork.Eips.Named(name), fields);

    private static Slip Vip(string name, string fields) => Slips.Edit("address", SluiceResources.Vips, LiveNetwork.Vips.Named(name), fields);
}

/// <summary>Rules that come to refer to nothing, or to what another rule has: they stay what they were.</summary>
internal static class ReferenceSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Fip("f1", """{"ovnEip":"nowhere"}"""),
        Fip("f1", """{"ovnEip":"e2"}"""),
        Fip("f1", """{"ipName":"nowhere"}"""),
        Fip("f1", """{"ipName":"node-n1"}"""),
        Fip("f2", """{"ipName":"nowhere"}"""),
        Fip("f2", """{"ipType":"ip"}"""),
        Fip("f3", """{"ovnEip":"e2"}"""),
        Fip("f4", """{"ovnEip":"e1"}"""),
        Snat("s1", """{"vpcSubnet":"nowhere"}"""),
        Snat("s1", """{"ovnEip":"nowhere"}"""),
        Snat("s2", """{"ipName":"nowhere"}"""),
        Dnat("d1", """{"ovnEip":"nowhere"}"""),
        Dnat("d1", """{"ipName":"nowhere"}"""),
        Dnat("d1", """{"externalPort":"70000"}"""),
        Dnat("d1", """{"internalPort":"x"}"""),
        Dnat("d1", """{"ipType":"vip"}"""),
        // What can be served takes effect, and takes nothing from others. A rule about a pod comes before the pod's annotations.
        Fip("f1", """{"ovnEip":"e3"}""", "f1"),
        Fip("f1", """{"ipName":"p2.team"}""", "f1"),
        Fip("f4", """{"ipName":"annotated.default"}""", "f4", "annotated"),
        Snat("s1", """{"vpcSubnet":"ext-a"}""", "s1"),
        Snat("s1", """{"ovnEip":"e1"}""", "s1"),
        Snat("s2", """{"ovnEip":"e4"}""", "s2"),
        Dnat("d1", """{"ovnEip":"e1"}""", "d1"),
    ];

    private static Slip Fip(string name, string fields, params string[] named) =>
        Slips.Edit("reference", SluiceResources.OvnFips, LiveNetwork.Fips.Named(name), fields, named: named);

    private static Slip Snat(string name, string fields, params string[] named) =>
        Slips.Edit("reference", SluiceResources.OvnSnatRules, LiveNetwork.SnatRules.Named(name), fields, named: named);

    private static Slip Dnat(string name, string fields, params string[] named) =>
        Slips.Edit("reference", SluiceResources.OvnDnatRules, LiveNetwork.DnatRules.Named(name), fields, named: named);
}
