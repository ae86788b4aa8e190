using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>New objects that want what others have.</summary>
internal static class Newcomers
{
    private const string Prefix = "new-";

    public static ImmutableArray<Slip> All { get; } =
    [
        Of(SluiceResources.Subnets, new Subnet { Metadata = Meta("inner"), Spec = new() { Vpc = "v1", CidrBlock = "192.168.1.128/25" } }),
        Of(SluiceResources.Subnets, new Subnet { Metadata = Meta("clash"), Spec = new() { Vpc = "v1", CidrBlock = "10.5.204.0/25" } }),
        Of(SluiceResources.Subnets, new Subnet { Metadata = Meta("outer"), Spec = new() { Vlan = "vlan-a", CidrBlock = "10.5.204.0/25", Gateway = "10.5.204.1" } }),
        Of(SluiceResources.Vlans, new Vlan { Metadata = Meta("vlan"), Spec = new() { Id = 204, Provider = "pn-a" } }),
        Of(SluiceResources.Vpcs, new Vpc { Metadata = Meta("vpc"), Spec = new() { Namespaces = [LiveNetwork.Team], EnableExternal = true } }),
        Of(SluiceResources.Vips, new Vip { Metadata = Meta("vip"), Spec = new() { Subnet = "in-1", V4ip = "192.168.1.1" } }),
        Of(SluiceResources.Ips, new Ip { Metadata = Meta("ip.team"), Spec = new() { PodName = "new-ip", Namespace = LiveNetwork.Team, Subnet = "in-2", V4IpAddress = "192.168.2.1" } }),
        Of(SluiceResources.OvnEips, Objects.Eip("new-eip", "10.5.204.111", "ext-a")),
        Of(SluiceResources.OvnEips, Objects.Eip("new-pods", "10.5.204.150", "ext-a")),
        Of(SluiceResources.OvnFips, Objects.Fip("new-fip", "e1", "p2.team")),
        Of(SluiceResources.OvnFips, Objects.Fip("new-second", "e5", "p1.team")),
        Of(SluiceResources.OvnSnatRules, new OvnSnatRule { Metadata = Meta("snat"), Spec = new() { OvnEip = "e3", IpName = "p1.team" } }),
        Of(SluiceResources.OvnSnatRules, new OvnSnatRule { Metadata = Meta("snat-in-2"), Spec = new() { OvnEip = "e1", VpcSubnet = "in-2" } }),
        Of(SluiceResources.OvnDnatRules, new OvnDnatRule
        {
            Metadata = Meta("dnat"), Spec = new() { OvnEip = "e3", IpName = "p1.team", Protocol = "tcp", ExternalPort = "8080", InternalPort = "80" },
        }),
        Of(SluiceResources.OvnDnatRules, new OvnDnatRule
        {
            Metadata = Meta("dnat-fip"), Spec = new() { OvnEip = "e1", IpName = "p2.team", Protocol = "tcp", ExternalPort = "8080", InternalPort = "80" },
        }),
    ];

    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    private static Slip Of<T>(ResourceType<T> type, T item)
        where T : KubeObject =>
        new("newcomer", $"{type.Plural}/{item.Metadata.Name}", new Create<T>(type, item), new Delete<T>(type, item.Metadata.Name, IsInUse: false));

    private static ObjectMeta Meta(string name) => new() { Name = Prefix + name };
}
