using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Plan.Namespaces;

/// <summary>Which subnets the pods of a namespace get, and the annotations that say so.</summary>
public static class NamespacePlan
{
    /// <summary>
    /// The subnets that name the namespace or select it, the VPC's default one first; when there are none, the default subnet of the VPC
    /// that claims the namespace, or that of the cluster if no VPC does: pods of a VPC never end up in another. Subnets that are being
    /// deleted get no more pods.
    /// </summary>
    /// <param name="subnets">All subnets.</param>
    /// <param name="vpcs">All VPCs.</param>
    /// <param name="defaultSubnet">Name of the subnet of pods that nothing else assigns to one.</param>
    public static ImmutableArray<Subnet> SubnetsOf(Namespace ns, IEnumerable<Subnet> subnets, IEnumerable<Vpc> vpcs, string defaultSubnet)
    {
        var usable = subnets.Where(subnet => !subnet.Metadata.IsDeleting).ToList();
        var vpc = vpcs.FirstOrDefault(vpc => !vpc.Metadata.IsDeleting && (vpc.Spec.Namespaces ?? []).Contains(ns.Metadata.Name));
        var bound = usable.Where(subnet => Binds(subnet, ns))
            .OrderByDescending(subnet => subnet.Metadata.Name == vpc?.Spec.DefaultSubnet)
            .ThenBy(subnet => subnet.Metadata.Name, StringComparer.Ordinal)
            .ToImmutableArray();
        if (!bound.IsEmpty)
            return bound;

        var fallback = string.IsNullOrEmpty(vpc?.Spec.DefaultSubnet) ? defaultSubnet : vpc.Spec.DefaultSubnet;
        return [.. usable.Where(subnet => subnet.Metadata.Name == fallback && (vpc is null || subnet.Spec.Vpc == vpc.Metadata.Name))];
    }

    /// <summary>Whether a subnet is for some namespaces and no others.</summary>
    public static bool IsReserved(Subnet subnet) => subnet.Spec.Namespaces is { Count: > 0 } || subnet.Spec.NamespaceSelectors is { Count: > 0 };

    /// <summary>The annotations of the namespace; lists are in the same order.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Annotations(ImmutableArray<Subnet> subnets)
    {
        var keys = PodAnnotations.Default;
        return
        [
            new(keys.LogicalSwitch, string.Join(',', subnets.Select(subnet => subnet.Metadata.Name))),
            new(keys.Cidr, string.Join(';', subnets.Select(subnet => subnet.Spec.CidrBlock))),
            new(keys.ExcludeIps, string.Join(';', subnets.Select(subnet => string.Join(',', subnet.Spec.ExcludeIps ?? [])))),
        ];
    }

    private static bool Binds(Subnet subnet, Namespace ns) =>
        (subnet.Spec.Namespaces ?? []).Contains(ns.Metadata.Name)
        || (subnet.Spec.NamespaceSelectors ?? []).Any(selector => selector.Matches(ns.Metadata.Labels));
}
