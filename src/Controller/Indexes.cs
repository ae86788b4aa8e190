using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Ports;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller;

/// <summary>How objects are found by what their specs name.</summary>
public static class Indexes
{
    /// <summary>Objects with addresses by subnet; rules by the subnet they translate; pods by the subnet that their annotation names.</summary>
    public const string BySubnet = "subnet";

    /// <summary>Subnets by VPC; rules by the VPC of their spec.</summary>
    public const string ByVpc = "vpc";

    /// <summary>Subnets by Vlan.</summary>
    public const string ByVlan = "vlan";

    /// <summary>Vlans by ProviderNetwork.</summary>
    public const string ByProvider = "provider";

    /// <summary>Rules by OvnEip.</summary>
    public const string ByEip = "eip";

    /// <summary>Rules by the IP they lead to.</summary>
    public const string ByIp = "ip";

    /// <summary>Rules by the Vip they lead to; pods by the Vips that they name; IPs by the Vip whose addresses they have.</summary>
    public const string ByVip = "vip";

    /// <summary>IPs by the StatefulSet of their pod, NAMESPACE/NAME.</summary>
    public const string ByStatefulSet = "statefulset";

    /// <summary>OvnEips of type lrp by the VPC whose router has the address.</summary>
    public const string ByRouter = "router";

    /// <summary>Pods by node.</summary>
    public const string ByNode = "node";

    /// <summary>Pods by namespace.</summary>
    public const string ByNamespace = "namespace";

    /// <summary>Pods that ask for public addresses by annotation, all under <see cref="Annotated"/>.</summary>
    public const string ByPublicAddress = "public-address";

    public const string Annotated = "true";

    internal static ImmutableArray<Index<Pod>> OfPods { get; } =
    [
        Index<Pod>.By(ByNode, pod => pod.Spec.NodeName),
        Index<Pod>.By(ByNamespace, pod => pod.Metadata.Namespace),
        Index<Pod>.By(BySubnet, pod => pod.Metadata.Annotation(PodAnnotations.Default.LogicalSwitch)),
        new Index<Pod>(ByVip, VipsOf),
        Index<Pod>.By(ByPublicAddress, pod => AnnotatedPod.Asks(pod) ? Annotated : null),
    ];

    internal static ImmutableArray<Index<Ip>> OfIps { get; } =
    [
        Index<Ip>.By(BySubnet, AddressHome.Of),
        Index<Ip>.By(ByStatefulSet, StatefulSetOf),
        Index<Ip>.By(ByVip, PodVip.Of),
    ];

    internal static ImmutableArray<Index<Vip>> OfVips { get; } = [Index<Vip>.By(BySubnet, AddressHome.Of)];

    internal static ImmutableArray<Index<OvnFip>> OfFips { get; } =
    [
        OfRule<OvnFip, OvnFipSpec>(ByEip, spec => spec.OvnEip),
        OfRule<OvnFip, OvnFipSpec>(ByIp, spec => spec.IpType == IpTypes.Vip ? null : spec.IpName),
        OfRule<OvnFip, OvnFipSpec>(ByVip, spec => spec.IpType == IpTypes.Vip ? spec.IpName : null),
        OfRule<OvnFip, OvnFipSpec>(ByVpc, spec => spec.Vpc),
    ];

    internal static ImmutableArray<Index<OvnSnatRule>> OfSnatRules { get; } =
    [
        OfRule<OvnSnatRule, OvnSnatRuleSpec>(ByEip, spec => spec.OvnEip),
        OfRule<OvnSnatRule, OvnSnatRuleSpec>(ByIp, spec => spec.IpName),
        OfRule<OvnSnatRule, OvnSnatRuleSpec>(ByVip, spec => spec.IpName),
        OfRule<OvnSnatRule, OvnSnatRuleSpec>(BySubnet, spec => spec.VpcSubnet),
        OfRule<OvnSnatRule, OvnSnatRuleSpec>(ByVpc, spec => spec.Vpc),
    ];

    internal static ImmutableArray<Index<OvnDnatRule>> OfDnatRules { get; } =
    [
        OfRule<OvnDnatRule, OvnDnatRuleSpec>(ByEip, spec => spec.OvnEip),
        OfRule<OvnDnatRule, OvnDnatRuleSpec>(ByIp, spec => spec.IpType == IpTypes.Vip ? null : spec.IpName),
        OfRule<OvnDnatRule, OvnDnatRuleSpec>(ByVip, spec => spec.IpType == IpTypes.Vip ? spec.IpName : null),
        OfRule<OvnDnatRule, OvnDnatRuleSpec>(ByVpc, spec => spec.Vpc),
    ];

    /// <summary>By the spec in force, and by the written one: what that one names may let it come into force.</summary>
    private static Index<T> OfRule<T, TSpec>(string name, Func<TSpec, string?> key)
        where T : CustomResource<TSpec>, IRetainsSpec
        where TSpec : class, new() => new(name, rule =>
        {
            var keys = new List<string>(1);
            if (key(rule.Spec) is { Length: > 0 } inForce) keys.Add(inForce);
            if (rule.IsEdited && key(rule.WrittenSpec) is { Length: > 0 } written && !keys.Contains(written)) keys.Add(written);
            return keys;
        });

    /// <summary>The Vips that a pod has or wants, or may carry.</summary>
    internal static IEnumerable<string> VipsOf(Pod pod)
    {
        var carried = AllowedPairs.ListedBy(pod);
        return (pod.Metadata.Annotation(PodAnnotations.Default.Vip) is { Length: > 0 } own ? carried.Append(own) : carried).Distinct(StringComparer.Ordinal);
    }

    /// <summary>NAMESPACE/NAME of the set that an IP is kept for; null when it is kept for none.</summary>
    internal static string? StatefulSetOf(Ip ip) =>
        ip.Spec is { PodType: "StatefulSet", PodName: { } pod } && pod.LastIndexOf('-') is > 0 and var dash ? $"{ip.Spec.Namespace}/{pod[..dash]}" : null;

    /// <summary>The VPC whose router has the address of an OvnEip of type lrp; null for other types.</summary>
    internal static string? RouterOf(OvnEip eip, Defaults defaults) =>
        eip.Spec.Type == EipTypes.Lrp ? RouterPortNames.VpcOf(eip.Metadata.Name, defaults.SubnetOf(eip)) : null;

    /// <summary>Indexes whose keys depend on what a spec leaves out.</summary>
    internal static ImmutableArray<Index<Vlan>> OfVlans(Defaults defaults) =>
        [Index<Vlan>.By(ByProvider, vlan => VlanPlan.ProviderOf(vlan, defaults.ProviderNetwork))];

    internal static ImmutableArray<Index<Subnet>> OfSubnets(Defaults defaults) =>
    [
        Index<Subnet>.By(ByVpc, defaults.VpcOf),
        Index<Subnet>.By(ByVlan, subnet => subnet.Spec.Vlan),
    ];

    internal static ImmutableArray<Index<OvnEip>> OfEips(Defaults defaults) =>
    [
        Index<OvnEip>.By(BySubnet, defaults.SubnetOf),
        Index<OvnEip>.By(ByRouter, eip => RouterOf(eip, defaults)),
    ];
}
