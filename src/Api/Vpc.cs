using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>A virtual private cloud: one OVN router with the subnets that name it.</summary>
[CustomResource("vpc")]
[PrinterColumn("EnableExternal", ".status.enableExternal", Type = "boolean")]
[PrinterColumn("EnableBfd", ".status.enableBfd", Type = "boolean")]
[PrinterColumn("Standby", ".status.standby", Type = "boolean")]
[PrinterColumn("Subnets", ".status.subnets")]
[PrinterColumn("ExtraExternalSubnets", ".status.extraExternalSubnets")]
[PrinterColumn("Namespaces", ".spec.namespaces")]
[PrinterColumn("DefaultSubnet", ".status.defaultLogicalSwitch", Wide = true)]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record Vpc : CustomResource<VpcSpec, VpcStatus>
{
    public Vpc() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(Vpc));
}

/// <summary>Who lives in the VPC and how it is connected.</summary>
public sealed record VpcSpec
{
    /// <summary>Name of the subnet that pods of its namespaces get when nothing else says which.</summary>
    public string? DefaultSubnet { get; init; }

    /// <summary>Namespaces whose pods live in the VPC.</summary>
    public ValueList<string>? Namespaces { get; init; }

    /// <summary>Routes of the router.</summary>
    public ValueList<StaticRoute>? StaticRoutes { get; init; }

    /// <summary>Routing policies of the router; they come before routes.</summary>
    public ValueList<PolicyRoute>? PolicyRoutes { get; init; }

    /// <summary>Direct links to other VPCs.</summary>
    public ValueList<VpcPeering>? VpcPeerings { get; init; }

    /// <summary>Whether the router has a port in the external subnet of --external-gateway-switch. Default: false.</summary>
    public bool? EnableExternal { get; init; }

    /// <summary>Names of further external subnets that the router has a port in.</summary>
    public ValueList<string>? ExtraExternalSubnets { get; init; }

    /// <summary>Whether traffic leaves over several gateway nodes that BFD watches. Default: false.</summary>
    public bool? EnableBfd { get; init; }

    /// <summary>A port of the router for BFD sessions.</summary>
    public BfdPort? BfdPort { get; init; }
}

/// <summary>The router and what is connected to it.</summary>
public sealed record VpcStatus : ResourceStatus<VpcSpec>
{
    /// <summary>Whether the router exists.</summary>
    public bool? Standby { get; init; }

    /// <summary>Whether this is the default VPC of the cluster.</summary>
    public bool? Default { get; init; }

    /// <summary>Name of the subnet that pods get when nothing else says which.</summary>
    public string? DefaultLogicalSwitch { get; init; }

    /// <summary>Name of the OVN router.</summary>
    public string? Router { get; init; }

    /// <summary>Name of the load balancer of TCP services.</summary>
    public string? TcpLoadBalancer { get; init; }

    /// <summary>Name of the load balancer of UDP services.</summary>
    public string? UdpLoadBalancer { get; init; }

    /// <summary>Name of the load balancer of SCTP services.</summary>
    public string? SctpLoadBalancer { get; init; }

    /// <summary>Name of the load balancer of TCP services with session affinity.</summary>
    public string? TcpSessionLoadBalancer { get; init; }

    /// <summary>Name of the load balancer of UDP services with session affinity.</summary>
    public string? UdpSessionLoadBalancer { get; init; }

    /// <summary>Name of the load balancer of SCTP services with session affinity.</summary>
    public string? SctpSessionLoadBalancer { get; init; }

    /// <summary>Names of the subnets of the VPC.</summary>
    public ValueList<string>? Subnets { get; init; }

    /// <summary>Names of the VPCs it is linked to.</summary>
    public ValueList<string>? VpcPeerings { get; init; }

    /// <summary>Whether the router is connected to the default external subnet.</summary>
    public bool? EnableExternal { get; init; }

    /// <summary>The further external subnets that the router is connected to.</summary>
    public ValueList<string>? ExtraExternalSubnets { get; init; }

    /// <summary>Whether BFD is in use.</summary>
    public bool? EnableBfd { get; init; }

    /// <summary>Which gateway node carries the router's port in each external subnet now.</summary>
    public ValueList<VpcGateway>? Gateways { get; init; }

    /// <summary>The BFD sessions of the router.</summary>
    public ValueList<VpcBfdSession>? BfdSessions { get; init; }

    /// <summary>The port for BFD sessions.</summary>
    public BfdPortStatus? BfdPort { get; init; }
}
