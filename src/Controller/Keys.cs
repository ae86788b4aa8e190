using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Controller;

/// <summary>What is planned together, and therefore what the queue holds. A key that owns northbound rows is also what those rows name.</summary>
public static class Keys
{
    public const string VpcKind = "Vpc";
    public const string SubnetKind = "Subnet";
    public const string VlanKind = "Vlan";
    public const string ProviderNetworkKind = "ProviderNetwork";
    public const string NamespaceKind = "Namespace";
    public const string NodeKind = "Node";
    public const string PortKind = "Port";
    public const string IpKind = "IP";
    public const string VipKind = "Vip";
    public const string OvnEipKind = "OvnEip";
    public const string LeftoversKind = "Leftovers";

    /// <summary>All rows of an earlier system that nobody wants.</summary>
    public static OwnerKey Leftovers { get; } = new(LeftoversKind, OwnerIds.KubeOvn);

    /// <summary>A router with its ports, routes, NAT and load balancers, and the statuses of all its rules.</summary>
    public static OwnerKey Vpc(string name) => new(VpcKind, name);

    /// <summary>A switch with its localnet port, DHCP options, ACLs and gateway policies.</summary>
    public static OwnerKey Subnet(string name) => new(SubnetKind, name);

    public static OwnerKey Vlan(string name) => new(VlanKind, name);

    public static OwnerKey ProviderNetwork(string name) => new(ProviderNetworkKind, name);

    /// <summary>The annotations that say which subnets the pods of a namespace get.</summary>
    public static OwnerKey Namespace(string name) => new(NamespaceKind, name);

    /// <summary>A node's port in the join subnet, its policies, its gateway label.</summary>
    public static OwnerKey Node(string name) => new(NodeKind, name);

    /// <summary>The port of a pod with its IP object and annotations.</summary>
    public static OwnerKey Port(string ns, string pod) => new(PortKind, $"{ns}/{pod}");

    public static OwnerKey Port(ObjectKey pod) => new(PortKind, pod.ToString());

    /// <summary>An IP object: somebody's reservation, or the record of a port.</summary>
    public static OwnerKey Ip(string name) => new(IpKind, name);

    /// <summary>The key that an IP object belongs to: its pod's port, its node, or else itself.</summary>
    public static OwnerKey OfPort(Api.Ip ip)
    {
        var (name, spec) = (ip.Metadata.Name, ip.Spec);
        if (spec is { PodName: { Length: > 0 } pod, Namespace: { Length: > 0 } ns } && name == Names.PodPort(pod, ns))
            return Port(ns, pod);
        return spec is { PodName: { Length: > 0 } node, Namespace: null or "" } && name == Names.NodePort(node) ? Node(node) : Ip(name);
    }

    public static OwnerKey Vip(string name) => new(VipKind, name);

    public static OwnerKey OvnEip(string name) => new(OvnEipKind, name);
}
