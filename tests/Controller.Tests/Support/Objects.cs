using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Support;

/// <summary>The objects of the walkthrough.</summary>
internal static class Objects
{
    public static ProviderNetwork ProviderNetwork => new() { Metadata = new() { Name = "external204" }, Spec = new() { DefaultInterface = "vlan" } };

    public static Vlan Vlan => new() { Metadata = new() { Name = "vlan204" }, Spec = new() { Id = 204, Provider = "external204" } };

    public static Subnet ExternalSubnet => new()
    {
        Metadata = new() { Name = "external204" },
        Spec = new()
        {
            Protocol = SubnetProtocols.IPv4,
            CidrBlock = "10.5.204.0/24",
            Gateway = "10.5.204.254",
            Vlan = "vlan204",
            ExcludeIps = ["10.5.204.1..10.5.204.100"],
        },
    };

    public static OvnEip Eip(string name, string? v4 = null, string? subnet = "external204") => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { ExternalSubnet = subnet, V4Ip = v4, Type = EipTypes.Nat },
    };

    public static OvnFip Fip(string name, string eip, string ip) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { OvnEip = eip, IpName = ip },
    };

    public static Node Node(string name, string address, IReadOnlyDictionary<string, string>? labels = null) => new()
    {
        Metadata = new() { Name = name, Labels = labels },
        Status = new() { Addresses = [new NodeAddress { Type = "InternalIP", Address = address }] },
    };

    public static Pod Pod(string name, string? node = null, IReadOnlyDictionary<string, string>? annotations = null, string ns = "default") => new()
    {
        Metadata = new() { Name = name, Namespace = ns, Annotations = annotations },
        Spec = new() { NodeName = node, Containers = [new Container { Name = "c", Image = "busybox" }] },
    };
}
