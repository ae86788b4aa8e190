using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sluice.Api;

/// <summary>The addresses, who gets them, and how the subnet is connected.</summary>
public sealed record SubnetSpec
{
    /// <summary>Whether pods that nothing else assigns get their address here; true only for the subnet of --default-ls.</summary>
    public bool? Default { get; init; }

    /// <summary>Name of the VPC. Default: the default VPC, when the provider is OVN.</summary>
    public string? Vpc { get; init; }

    /// <summary>IPv4, IPv6, Dual, or Mac for an underlay subnet without addresses; the controller derives it from cidrBlock.</summary>
    [AllowedValues("", SubnetProtocols.IPv4, SubnetProtocols.IPv6, SubnetProtocols.Dual, SubnetProtocols.Mac)]
    public string? Protocol { get; init; }

    /// <summary>The addresses: an IPv4 CIDR, an IPv6 CIDR, or both joined by a comma.</summary>
    public string? CidrBlock { get; init; }

    /// <summary>The gateway's address, one per family joined by a comma. Default: the first usable address.</summary>
    public string? Gateway { get; init; }

    /// <summary>Addresses given out only on request, each a single one or FIRST..LAST; the controller adds the gateway.</summary>
    public ValueList<string>? ExcludeIps { get; init; }

    /// <summary>Who plugs the ports: ovn, NAD.NAMESPACE.ovn for further NICs by OVN, NAD.NAMESPACE for another CNI. Default: ovn.</summary>
    public string? Provider { get; init; }

    /// <summary>Namespaces whose pods get their address here.</summary>
    public ValueList<string>? Namespaces { get; init; }

    /// <summary>Namespaces, by label, whose pods get their address here.</summary>
    public ValueList<LabelSelector>? NamespaceSelectors { get; init; }

    /// <summary>Where pods leave the default VPC: distributed, on their own node, or centralized, on the gateway nodes. Default: distributed.</summary>
    [AllowedValues("", GatewayTypes.Distributed, GatewayTypes.Centralized)]
    public string? GatewayType { get; init; }

    /// <summary>The gateway nodes of a centralized subnet, joined by commas, each NODE or NODE:EGRESSIP.</summary>
    public string? GatewayNode { get; init; }

    /// <summary>The gateway nodes of a centralized subnet, by label; nodes that match any selector.</summary>
    public ValueList<LabelSelector>? GatewayNodeSelectors { get; init; }

    /// <summary>Whether nodes translate the source of what leaves the cluster; default VPC only. Default: false.</summary>
    public bool? NatOutgoing { get; init; }

    /// <summary>Gateway outside the cluster for what leaves it, one address per family joined by a comma. Excludes natOutgoing.</summary>
    public string? ExternalEgressGateway { get; init; }

    /// <summary>Priority of the gateway node's routing rule for externalEgressGateway.</summary>
    public int? PolicyRoutingPriority { get; init; }

    /// <summary>Routing table of the gateway node for externalEgressGateway.</summary>
    public int? PolicyRoutingTableID { get; init; }

    /// <summary>Largest packet of the pods' NICs in bytes; at least 1280 with IPv6. Default: 0, what the underlay leaves.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether only the subnet itself, nodes and allowSubnets reach the pods. Default: false.</summary>
    public bool? Private { get; init; }

    /// <summary>CIDRs that reach the pods of a private subnet.</summary>
    public ValueList<string>? AllowSubnets { get; init; }

    /// <summary>Name of the Vlan that makes this an underlay subnet. Default: none, an overlay subnet.</summary>
    public string? Vlan { get; init; }

    /// <summary>Deprecated: addresses of virtual ports.</summary>
    public ValueList<string>? Vips { get; init; }

    /// <summary>Whether an underlay subnet uses OVN's router as its gateway. Default: false.</summary>
    public bool? LogicalGateway { get; init; }

    /// <summary>Whether pods start without waiting for the gateway to answer. Default: false.</summary>
    public bool? DisableGatewayCheck { get; init; }

    /// <summary>Whether the subnet is kept out of the routes between clusters. Default: false.</summary>
    public bool? DisableInterConnection { get; init; }

    /// <summary>Whether OVN answers DHCP requests of the ports. Default: false.</summary>
    [JsonPropertyName("enableDHCP")]
    public bool? EnableDhcp { get; init; }

    /// <summary>DHCPv4 options of OVN as KEY=VALUE joined by commas.</summary>
    public string? DhcpV4Options { get; init; }

    /// <summary>DHCPv6 options of OVN as KEY=VALUE joined by commas.</summary>
    public string? DhcpV6Options { get; init; }

    /// <summary>Whether OVN sends IPv6 router advertisements. Default: false.</summary>
    [JsonPropertyName("enableIPv6RA")]
    public bool? EnableIPv6Ra { get; init; }

    /// <summary>Router advertisement options of OVN as KEY=VALUE joined by commas.</summary>
    [JsonPropertyName("ipv6RAConfigs")]
    public string? IPv6RaConfigs { get; init; }

    /// <summary>Access control lists of the switch.</summary>
    public ValueList<SubnetAcl>? Acls { get; init; }

    /// <summary>Whether traffic inside the subnet is allowed whatever acls says. Default: false.</summary>
    [JsonPropertyName("allowEWTraffic")]
    public bool? AllowEastWestTraffic { get; init; }

    /// <summary>Exceptions from natOutgoing; the first rule that matches decides.</summary>
    public ValueList<NatOutgoingPolicyRule>? NatOutgoingPolicyRules { get; init; }

    /// <summary>Whether an underlay subnet also reaches the overlay of its VPC. Default: false.</summary>
    public bool? U2oInterconnection { get; init; }

    /// <summary>The router's address in the subnet for u2oInterconnection. Default: the lowest free one.</summary>
    public string? U2oInterconnectionIP { get; init; }

    /// <summary>Details of u2oInterconnection.</summary>
    public U2oFeatures? U2oFeatures { get; init; }

    /// <summary>Whether services are reachable from the switch. Default: --enable-lb.</summary>
    public bool? EnableLb { get; init; }

    /// <summary>Whether traffic spreads over all gateway nodes of a centralized subnet; in a custom VPC whether the subnet takes part in BFD. Default: false.</summary>
    public bool? EnableEcmp { get; init; }

    /// <summary>Whether the switch sends multicast only to ports that joined. Default: false.</summary>
    public bool? EnableMulticastSnoop { get; init; }

    /// <summary>Whether addresses of external load balancers are handled. Default: false.</summary>
    [JsonPropertyName("enableExternalLBAddress")]
    public bool? EnableExternalLbAddress { get; init; }

    /// <summary>Routing table of the router's port. Default: the main one.</summary>
    public string? RouteTable { get; init; }

    /// <summary>The network of the nodes that tunnels use.</summary>
    public string? NodeNetwork { get; init; }
}

/// <summary>Values of the protocol of a subnet.</summary>
public static class SubnetProtocols
{
    public const string IPv4 = "IPv4";
    public const string IPv6 = "IPv6";
    public const string Dual = "Dual";

    /// <summary>An underlay subnet that gives out no addresses.</summary>
    public const string Mac = "Mac";
}
