using Sluice.Api;
using Sluice.Ovn;
using Sluice.Plan.Addresses;

namespace Sluice.Controller;

/// <summary>To which VPCs rules and what they name belong. A rule belongs to the VPC of its target, and to the one it was last served in.</summary>
public sealed class VpcKeys(Cluster cluster)
{
    public IEnumerable<OwnerKey> Of(OvnFip rule) =>
        Keys(rule.Spec.Vpc, rule.Status?.Vpc, VpcOfTarget(rule.Spec.IpType, rule.Spec.IpName));

    public IEnumerable<OwnerKey> Of(OvnDnatRule rule) =>
        Keys(rule.Spec.Vpc, rule.Status?.Vpc, VpcOfTarget(rule.Spec.IpType, rule.Spec.IpName));

    /// <summary>The address of a SNAT rule may be that of an IP or a Vip.</summary>
    public IEnumerable<OwnerKey> Of(OvnSnatRule rule) => Keys(
        rule.Spec.Vpc,
        rule.Status?.Vpc,
        VpcOfSubnet(rule.Spec.VpcSubnet),
        VpcOfTarget(IpTypes.Ip, rule.Spec.IpName),
        VpcOfTarget(IpTypes.Vip, rule.Spec.IpName));

    /// <summary>The VPCs of all rules that an index lists under a name.</summary>
    public IEnumerable<OwnerKey> OfRules(string index, string? name) => string.IsNullOrEmpty(name)
        ? []
        :
        [
            .. cluster.Fips.Snapshot.ByIndex(index, name).SelectMany(Of),
            .. cluster.SnatRules.Snapshot.ByIndex(index, name).SelectMany(Of),
            .. cluster.DnatRules.Snapshot.ByIndex(index, name).SelectMany(Of),
        ];

    private string? VpcOfTarget(string? ipType, string? name) => VpcOfSubnet(
        ipType == IpTypes.Vip ? cluster.Vips.Find(name) is { } vip ? AddressHome.Of(vip) : null : cluster.Ips.Find(name) is { } ip ? AddressHome.Of(ip) : null);

    private string? VpcOfSubnet(string? name) => cluster.Subnets.Find(name) is { } subnet ? cluster.Defaults.VpcOf(subnet) : null;

    private static IEnumerable<OwnerKey> Keys(params IEnumerable<string?> vpcs) =>
        from vpc in vpcs
        where !string.IsNullOrEmpty(vpc)
        select Controller.Keys.Vpc(vpc);
}
