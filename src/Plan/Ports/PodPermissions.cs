using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Namespaces;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Ports;

/// <summary>
/// What pods may ask for by annotation. Annotations are the tenant's to write, and Subnets, Vpcs, IPs and Vips the operator's: what the
/// latter assign or reserve needs no permission.
/// </summary>
public sealed record PodPermissions
{
    /// <summary>Name of the default VPC.</summary>
    public required string DefaultVpc { get; init; }

    /// <summary>Name of the subnet that gives out addresses to pods that nothing else assigns to one.</summary>
    public required string DefaultSubnet { get; init; }

    /// <summary>Name of the subnet of node ports.</summary>
    public required string NodeSubnet { get; init; }

    /// <summary>Name of the default external subnet.</summary>
    public required string ExternalSubnet { get; init; }

    /// <summary>Whether annotations need permission (<c>--pod-permissions=enforce</c>); otherwise they give what Kube-OVN gives.</summary>
    public bool IsEnforced { get; init; } = true;

    /// <summary>Why the pods of a namespace may not have ports in a subnet by annotation; null when they may.</summary>
    /// <param name="subnets">All subnets.</param>
    /// <param name="vpcs">All VPCs.</param>
    /// <returns>For people; begins with the annotation and names the object that stands against it.</returns>
    public AddressRefusal? CheckSubnet(Namespace ns, Subnet subnet, IReadOnlyCollection<Subnet> subnets, IReadOnlyCollection<Vpc> vpcs)
    {
        if (CheckNodeSubnet(subnet) is { } refusal) return refusal;
        if (!IsEnforced || IsPermitted(subnet, ns)) return null;
        if (NamespacePlan.SubnetsOf(ns, subnets, vpcs, DefaultSubnet).Any(assigned => assigned.Metadata.Name == subnet.Metadata.Name)) return null;

        var (name, vpc) = (subnet.Metadata.Name, SubnetPorts.VpcOf(subnet, DefaultVpc));
        if (IsExternal(subnet, vpcs))
            return NotPermitted($"Subnet \"{name}\" is a physical network, and does not name namespace \"{ns.Metadata.Name}\" in spec.namespaces");
        if (NamespacePlan.IsReserved(subnet))
            return NotPermitted($"Subnet \"{name}\" is for other namespaces than \"{ns.Metadata.Name}\" (spec.namespaces, spec.namespaceSelectors)");

        var custom = vpcs.Where(item => item.Metadata.Name != DefaultVpc).ToList();
        if (custom.Find(item => item.Metadata.Name == vpc) is { Spec.Namespaces: { Count: > 0 } tenants } && !tenants.Contains(ns.Metadata.Name))
            return NotPermitted($"Vpc \"{vpc}\" of Subnet \"{name}\" is for other namespaces than \"{ns.Metadata.Name}\" (spec.namespaces)");
        var own = custom.Where(item => (item.Spec.Namespaces ?? []).Contains(ns.Metadata.Name)).Select(item => item.Metadata.Name).ToList();
        return own.Count == 0 || own.Contains(vpc)
            ? null
            : NotPermitted($"namespace \"{ns.Metadata.Name}\" is Vpc \"{own[0]}\"'s, and Subnet \"{name}\" of Vpc \"{vpc}\" does not name it in spec.namespaces");
    }

    /// <summary>Why no pod may have a port in a subnet, however it came to it; null when it may.</summary>
    public AddressRefusal? CheckNodeSubnet(Subnet subnet) =>
        subnet.Metadata.Name == NodeSubnet ? NotPermitted($"Subnet \"{NodeSubnet}\" is for nodes only") : null;

    /// <summary>Why a pod may not have addresses of a subnet by annotation, whoever else has them; null when it may.</summary>
    /// <param name="field">The annotation.</param>
    public AddressRefusal? CheckAddresses(Namespace ns, Subnet subnet, IReadOnlyCollection<IpAddress> wanted, string field)
    {
        if (!IsEnforced || wanted.Count == 0 || IsPermitted(subnet, ns) || !SubnetAddresses.TryRead(subnet.Spec, out var configuration, out _)) return null;
        foreach (var address in wanted)
        {
            if (configuration.Gateways[address.Family] != address && configuration.Excluded.Any(range => range.Contains(address)))
                return new(PortReasons.NotPermitted, $"{field}: {address} is held back by spec.excludeIps of Subnet \"{subnet.Metadata.Name}\"");
        }
        return null;
    }

    /// <summary>Whether a subnet leads to machines that are not the cluster's: VPCs connect to it, or it has its gateway in a provider network.</summary>
    private bool IsExternal(Subnet subnet, IReadOnlyCollection<Vpc> vpcs)
    {
        var name = subnet.Metadata.Name;
        return name == ExternalSubnet
            || vpcs.Any(vpc => (vpc.Spec.ExtraExternalSubnets ?? []).Contains(name))
            || (!string.IsNullOrEmpty(subnet.Spec.Vlan) && !SubnetPorts.HasRouterPort(subnet));
    }

    /// <summary>Whether the operator opened the subnet, with all its addresses, to a namespace without assigning it.</summary>
    private static bool IsPermitted(Subnet subnet, Namespace ns) =>
        (subnet.Metadata.Annotation(Names.Annotations.PermittedNamespaces) ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(permitted => permitted == "*" || permitted == ns.Metadata.Name);

    private static AddressRefusal NotPermitted(string message) => new(PortReasons.NotPermitted, $"{PodAnnotations.Default.LogicalSwitch}: {message}");
}
