namespace Sluice.Api;

/// <summary>
/// Keys of the annotations of one NIC of a pod, <c>PROVIDER.kubernetes.io/KEY</c>. Nodes and namespaces carry some of them too, always for
/// the provider <c>ovn</c>.
/// </summary>
/// <param name="provider"><c>ovn</c> for the first NIC, <c>NAD.NAMESPACE.ovn</c> for further ones.</param>
public sealed class PodAnnotations(string provider)
{
    /// <summary>Those of the first NIC.</summary>
    public static PodAnnotations Default { get; } = new(Names.DefaultProvider);

    /// <summary>Written: IPv4, IPv6, or both joined by a comma. Read: the addresses wanted.</summary>
    public string IpAddress => Key("ip_address");

    /// <summary>Written: the MAC address. Read: the one wanted.</summary>
    public string MacAddress => Key("mac_address");

    /// <summary>Written: the subnet's CIDR.</summary>
    public string Cidr => Key("cidr");

    /// <summary>Written: the subnet's gateway.</summary>
    public string Gateway => Key("gateway");

    /// <summary>Written: the subnet. Read: the one wanted.</summary>
    public string LogicalSwitch => Key("logical_switch");

    /// <summary>Written: the VPC, when its router is the gateway.</summary>
    public string LogicalRouter => Key("logical_router");

    /// <summary>Written: how the NIC is made, e.g. veth-pair.</summary>
    public string PodNicType => Key("pod_nic_type");

    /// <summary>Written: the VLAN of an underlay subnet.</summary>
    public string VlanId => Key("vlan_id");

    /// <summary>Written: the provider network of an underlay subnet.</summary>
    public string ProviderNetwork => Key("provider_network");

    /// <summary>Written: the virtual machine behind the pod.</summary>
    public string VirtualMachine => Key("virtualmachine");

    /// <summary>Written: "true" once the port and the IP object exist.</summary>
    public string Allocated => Key("allocated");

    /// <summary>Written: "true" once the pod is scheduled and its policies are in place.</summary>
    public string Routed => Key("routed");

    /// <summary>Read: an IPPool, or a list of addresses.</summary>
    public string IpPool => Key("ip_pool");

    /// <summary>Read: the address family wanted.</summary>
    public string IpFamily => Key("ip_family");

    /// <summary>Read: "true" lets the port send from its own addresses only.</summary>
    public string PortSecurity => Key("port_security");

    /// <summary>Read: security groups, joined by commas.</summary>
    public string SecurityGroups => Key("security_groups");

    /// <summary>Read: "true" lets the port receive for unknown MAC addresses.</summary>
    public string Layer2Forward => Key("layer2_forward");

    /// <summary>Read: further addresses that the port may send from.</summary>
    public string PortVips => Key("port_vips");

    /// <summary>Read: the Vip whose address the pod takes.</summary>
    public string Vip => Key("vip");

    /// <summary>Read: Vips that the pod may carry, joined by commas.</summary>
    public string AllowedAddressPairs => Key("aaps");

    /// <summary>Read: routes of the pod as JSON, [{dst, gw}].</summary>
    public string Routes => Key("routes");

    /// <summary>Read: "true" makes this NIC the pod's default route.</summary>
    public string DefaultRoute => Key("default_route");

    /// <summary>Read: the public address translated to the pod, default VPC only.</summary>
    public string Eip => Key("eip");

    /// <summary>Read: the public address the pod leaves with, default VPC only.</summary>
    public string Snat => Key("snat");

    /// <summary>Read: the router for what leaves the cluster, default VPC only.</summary>
    public string NorthGateway => Key("north_gateway");

    /// <summary>Read: DHCPv4 options of the port.</summary>
    public string DhcpV4Options => Key("dhcp-v4-options");

    /// <summary>Read: DHCPv6 options of the port.</summary>
    public string DhcpV6Options => Key("dhcp-v6-options");

    /// <summary>On Namespace: the excludeIps of its subnets.</summary>
    public string ExcludeIps => Key("exclude_ips");

    private string Key(string key) => $"{provider}.kubernetes.io/{key}";
}
