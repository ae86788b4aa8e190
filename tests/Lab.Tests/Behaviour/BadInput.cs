namespace Sluice.Lab.Tests.Behaviour;

/// <summary>Something that cannot work, what the user is told about it, and what makes it work.</summary>
/// <param name="Before">Manifests of what is in its way, if anything.</param>
/// <param name="Manifest">The object that cannot work.</param>
/// <param name="Target">It, as <c>KIND/NAME</c>.</param>
/// <param name="Reason">Of its condition Ready.</param>
/// <param name="Names">What the message names: the field and the other object.</param>
/// <param name="Cure">Manifests to apply, so that it works; null when deleting <paramref name="Before"/> is the cure.</param>
public sealed record BadInput(string Name, string? Before, string Manifest, string Target, string Reason, string[] Names, string? Cure)
{
    public static IEnumerable<BadInput> All { get; } =
    [
        new("EIP of an unknown subnet", null,
            Manifests.Eip("lost", "externalSubnet: nowhere"), "oeip/lost", "SubnetNotFound", ["externalSubnet", "nowhere"],
            Manifests.Of("Vlan", "vlan205", "id: 205, provider: external204")
            + Manifests.Of("Subnet", "nowhere", "protocol: IPv4, cidrBlock: 10.5.205.0/24, gateway: 10.5.205.254, vlan: vlan205")),
        new("EIP outside of its subnet", null,
            Manifests.Eip("outside", "externalSubnet: external204, v4Ip: 10.6.0.1"), "oeip/outside", "AddressOutOfRange", ["v4Ip", "10.6.0.1", "external204"],
            Manifests.Eip("outside", "externalSubnet: external204, v4Ip: 10.5.204.200")),
        new("EIP with an address that is taken", Manifests.Eip("first", "externalSubnet: external204, v4Ip: 10.5.204.201"),
            Manifests.Eip("second", "externalSubnet: external204, v4Ip: 10.5.204.201"), "oeip/second", "Conflict", ["v4Ip", "10.5.204.201", "first"], null),
        new("FIP with an unknown EIP", null,
            Manifests.Of("OvnFip", "lost", "ovnEip: later, ipName: vpc-1-busybox01.vpc1"), "ofip/lost", "EipNotFound", ["ovnEip", "later"],
            Manifests.Eip("later", "externalSubnet: external204")),
        new("FIP of an unknown pod", Manifests.Eip("bad1", "externalSubnet: external204"),
            Manifests.Of("OvnFip", "lost", "ovnEip: bad1, ipName: late.vpc1"), "ofip/lost", "IPNotFound", ["ipName", "late.vpc1"],
            Manifests.Pod("vpc1/late", "pc-node-1")),
        new("FIP of an unknown Vip", Manifests.Eip("bad1", "externalSubnet: external204"),
            Manifests.Of("OvnFip", "lost", "ovnEip: bad1, ipType: vip, ipName: late"), "ofip/lost", "VipNotFound", ["ipName", "late"],
            Manifests.Of("Vip", "late", "subnet: vpc1-subnet1")),
        new("SNAT of an unknown subnet", Manifests.Eip("bad1", "externalSubnet: external204"),
            Manifests.Of("OvnSnatRule", "lost", "ovnEip: bad1, vpcSubnet: late"), "osnat/lost", "SubnetNotFound", ["vpcSubnet", "late"],
            Manifests.Of("Subnet", "late", "vpc: vpc1, protocol: IPv4, cidrBlock: 192.168.9.0/24")),
        new("second FIP of an EIP",
            Manifests.Eip("bad1", "externalSubnet: external204") + Manifests.Of("Vip", "a", "subnet: vpc1-subnet1") + Manifests.Of("OvnFip", "first", "ovnEip: bad1, ipType: vip, ipName: a"),
            Manifests.Of("OvnFip", "second", "ovnEip: bad1, ipName: vpc-1-busybox01.vpc1"), "ofip/second", "Conflict", ["ovnEip", "bad1", "first"],
            Manifests.Eip("other", "externalSubnet: external204") + Manifests.Of("OvnFip", "first", "ovnEip: other, ipType: vip, ipName: a")),
        new("second DNAT of a port",
            Manifests.Eip("bad1", "externalSubnet: external204") + Manifests.Of("OvnDnatRule", "first", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "80", internalPort: "8080" """),
            Manifests.Of("OvnDnatRule", "second", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "80", internalPort: "8081" """),
            "odnat/second", "Conflict", ["externalPort", "80", "first"],
            Manifests.Of("OvnDnatRule", "first", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "81", internalPort: "8080" """)),
        new("port that is none", Manifests.Eip("bad1", "externalSubnet: external204"),
            Manifests.Of("OvnDnatRule", "ports", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "70000", internalPort: "80" """),
            "odnat/ports", "InvalidSpec", ["externalPort", "70000"],
            Manifests.Of("OvnDnatRule", "ports", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "7000", internalPort: "80" """)),
        new("port that is a word", Manifests.Eip("bad1", "externalSubnet: external204"),
            Manifests.Of("OvnDnatRule", "words", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "8090", internalPort: "http" """),
            "odnat/words", "InvalidSpec", ["internalPort", "http"],
            Manifests.Of("OvnDnatRule", "words", """ovnEip: bad1, ipName: vpc-1-busybox01.vpc1, protocol: tcp, externalPort: "8090", internalPort: "8080" """)),
        new("FIP across address families",
            Manifests.Of("Subnet", "nowhere", """protocol: IPv6, cidrBlock: "fd00:5:205::/64", gateway: "fd00:5:205::fe" """)
            + Manifests.Eip("six", "externalSubnet: nowhere") + Manifests.Eip("four", "externalSubnet: external204"),
            Manifests.Of("OvnFip", "across", "ovnEip: six, ipName: vpc-1-busybox01.vpc1"), "ofip/across", "FamilyMismatch", ["ovnEip", "six", "IPv4"],
            Manifests.Of("OvnFip", "across", "ovnEip: four, ipName: vpc-1-busybox01.vpc1")),
    ];

    public override string ToString() => Name;
}
