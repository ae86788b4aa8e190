using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>Forwards one port of an EIP to a port of an address in a VPC.</summary>
[CustomResource("ovn-dnat-rule", "odnat")]
[PrinterColumn("Eip", ".spec.ovnEip")]
[PrinterColumn("Protocol", ".status.protocol")]
[PrinterColumn("V4Eip", ".status.v4Eip")]
[PrinterColumn("V4Ip", ".status.v4Ip")]
[PrinterColumn("InternalPort", ".status.internalPort")]
[PrinterColumn("ExternalPort", ".status.externalPort")]
[PrinterColumn("IpName", ".spec.ipName")]
[PrinterColumn("Ready", ".status.ready", Type = "boolean")]
[PrinterColumn("Vpc", ".status.vpc", Wide = true)]
[PrinterColumn("V6Eip", ".status.v6Eip", Wide = true)]
[PrinterColumn("V6Ip", ".status.v6Ip", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record OvnDnatRule : CustomResource<OvnDnatRuleSpec, OvnDnatRuleStatus>
{
    public OvnDnatRule() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(OvnDnatRule));
}

/// <summary>The EIP's port and the address and port behind it; the address is given by ipName, or by vpc with v4Ip or v6Ip.</summary>
[CelRule("has(self.ovnEip) && self.ovnEip != ''", "ovnEip is needed")]
[CelRule(ImmutableVpc.Rule, ImmutableVpc.Message)]
[CelRule(
    "(has(self.ipName) && self.ipName != '') || (has(self.v4Ip) && self.v4Ip != '') || (has(self.v6Ip) && self.v6Ip != '')",
    "one of ipName, v4Ip and v6Ip is needed")]
public sealed record OvnDnatRuleSpec
{
    /// <summary>Name of the OvnEip.</summary>
    [StringLength(253)]
    public string? OvnEip { get; init; }

    /// <summary>What ipName names: ip for an IP, vip for a Vip. Default: ip.</summary>
    [AllowedValues("", IpTypes.Ip, IpTypes.Vip)]
    public string? IpType { get; init; }

    /// <summary>Name of the IP (POD.NAMESPACE for a pod) or Vip that the port leads to.</summary>
    [StringLength(253)]
    public string? IpName { get; init; }

    /// <summary>The port that the connection reaches, 1 to 65535, as a string.</summary>
    public string? InternalPort { get; init; }

    /// <summary>The port of the EIP, 1 to 65535, as a string.</summary>
    public string? ExternalPort { get; init; }

    /// <summary>The transport protocol.</summary>
    [AllowedValues("", "tcp", "udp", "sctp", "TCP", "UDP", "SCTP")]
    public string? Protocol { get; init; }

    /// <summary>Name of the VPC of v4Ip and v6Ip; used when ipName is empty. Immutable once set.</summary>
    [StringLength(253)]
    public string? Vpc { get; init; }

    /// <summary>The IPv4 address that the port leads to; used when ipName is empty.</summary>
    [StringLength(64)]
    public string? V4Ip { get; init; }

    /// <summary>The IPv6 address that the port leads to; used when ipName is empty.</summary>
    [StringLength(64)]
    public string? V6Ip { get; init; }
}

/// <summary>The forwarding in use.</summary>
public sealed record OvnDnatRuleStatus : ResourceStatus<OvnDnatRuleSpec>
{
    /// <summary>Whether the forwarding is in place.</summary>
    public bool? Ready { get; init; }

    /// <summary>The VPC whose router forwards.</summary>
    public string? Vpc { get; init; }

    /// <summary>The IPv4 address of the EIP.</summary>
    public string? V4Eip { get; init; }

    /// <summary>The IPv6 address of the EIP.</summary>
    public string? V6Eip { get; init; }

    /// <summary>The port of the EIP.</summary>
    public string? ExternalPort { get; init; }

    /// <summary>The IPv4 address behind it.</summary>
    public string? V4Ip { get; init; }

    /// <summary>The IPv6 address behind it.</summary>
    public string? V6Ip { get; init; }

    /// <summary>The port behind it.</summary>
    public string? InternalPort { get; init; }

    /// <summary>The transport protocol, in lower case.</summary>
    public string? Protocol { get; init; }

    /// <summary>Name of the IP or Vip behind it.</summary>
    public string? IpName { get; init; }

    /// <summary>The MAC address of what is behind it; written by early versions only.</summary>
    public string? MacAddress { get; init; }
}
