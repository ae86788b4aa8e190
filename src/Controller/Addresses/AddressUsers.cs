using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Rules;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Addresses;

/// <summary>Who names an object with addresses in its spec. Labels and addresses say nothing about it.</summary>
public sealed class AddressUsers(Cluster cluster, LiveVpcSettings settings)
{
    /// <summary>The rules that use an OvnEip, and for one of a router's port the VPC.</summary>
    public ImmutableArray<AddressUser> Of(OvnEip eip)
    {
        var users = RulesBy(Indexes.ByEip, eip.Metadata.Name);
        if (eip.Spec.Type != EipTypes.Lrp)
            return users;

        var subnet = cluster.Defaults.SubnetOf(eip);
        var vpc = cluster.Vpcs.Find(RouterPortNames.VpcOf(eip.Metadata.Name, subnet));
        return vpc is not null && ExternalSubnets.WantedBy(vpc, settings.Current).Contains(subnet) ? users.Add(User(nameof(Vpc), vpc)) : users;
    }

    /// <summary>The rules that lead to a Vip, and the IP of the pod that has its addresses.</summary>
    public ImmutableArray<AddressUser> Of(Vip vip) =>
    [
        .. RulesBy(Indexes.ByVip, vip.Metadata.Name),
        .. cluster.Ips.Snapshot.ByIndex(Indexes.ByVip, vip.Metadata.Name).Select(ip => User("IP", ip)),
    ];

    /// <summary>The rules that lead to an IP.</summary>
    public ImmutableArray<AddressUser> Of(Ip ip) => RulesBy(Indexes.ByIp, ip.Metadata.Name);

    /// <summary>What has addresses of a subnet.</summary>
    public ImmutableArray<AddressUser> Of(Subnet subnet) =>
    [
        .. cluster.Eips.Snapshot.ByIndex(Indexes.BySubnet, subnet.Metadata.Name).Select(eip => User(nameof(OvnEip), eip)),
        .. cluster.Vips.Snapshot.ByIndex(Indexes.BySubnet, subnet.Metadata.Name).Select(vip => User(nameof(Vip), vip)),
        .. cluster.Ips.Snapshot.ByIndex(Indexes.BySubnet, subnet.Metadata.Name).Select(ip => User("IP", ip)),
    ];

    /// <summary>The subnets on a Vlan that something has addresses of.</summary>
    public ImmutableArray<AddressUser> OccupiedOn(Vlan vlan) =>
    [
        .. from subnet in cluster.Subnets.Snapshot.ByIndex(Indexes.ByVlan, vlan.Metadata.Name)
           where !Of(subnet).IsEmpty
           select User(nameof(Subnet), subnet),
    ];

    /// <summary>The subnets on a provider network that something has addresses of.</summary>
    public ImmutableArray<AddressUser> OccupiedOn(ProviderNetwork network) =>
        [.. cluster.Vlans.Snapshot.ByIndex(Indexes.ByProvider, network.Metadata.Name).SelectMany(vlan => OccupiedOn(vlan))];

    /// <summary>What has addresses on each node, the node itself apart.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<AddressUser>> OnNodes() => (
        from ip in cluster.Ips.Snapshot.All
        where !string.IsNullOrEmpty(ip.Spec.NodeName) && ip.Metadata.Name != Names.NodePort(ip.Spec.NodeName)
        group User("IP", ip) by ip.Spec.NodeName!)
        .ToDictionary(node => node.Key, IReadOnlyCollection<AddressUser> (node) => [.. node], StringComparer.Ordinal);

    private ImmutableArray<AddressUser> RulesBy(string index, string name) =>
    [
        .. cluster.Fips.Snapshot.ByIndex(index, name).Select(rule => User(nameof(OvnFip), rule)),
        .. cluster.SnatRules.Snapshot.ByIndex(index, name).Select(rule => User(nameof(OvnSnatRule), rule)),
        .. cluster.DnatRules.Snapshot.ByIndex(index, name).Select(rule => User(nameof(OvnDnatRule), rule)),
    ];

    private static AddressUser User(string kind, KubeObject item) => new(kind, item.Metadata.Name, item.Metadata.IsDeleting);
}
