using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>A floating IP: an EIP translated one-to-one, in both directions, to an address in a VPC.</summary>
[CustomResource("ovn-fip", "ofip")]
[PrinterColumn("Vpc", ".status.vpc")]
[PrinterColumn("V4Eip", ".status.v4Eip")]
[PrinterColumn("V4Ip", ".status.v4Ip")]
[PrinterColumn("Ready", ".status.ready", Type = "boolean")]
[PrinterColumn("IpType", ".spec.ipType")]
[PrinterColumn("IpName", ".spec.ipName")]
[PrinterColumn("Type", ".spec.type", Wide = true)]
[PrinterColumn("V6Eip", ".status.v6Eip", Wide = true)]
[PrinterColumn("V6Ip", ".status.v6Ip", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record OvnFip : CustomResource<OvnFipSpec, OvnFipStatus>
{
    public OvnFip() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(OvnFip));
}

/// <summary>The EIP and the address behind it, given by ipName, or by vpc with v4Ip or v6Ip.</summary>
[CelRule("has(self.ovnEip) && self.ovnEip != ''", "ovnEip is needed")]
[CelRule(ImmutableVpc.Rule, ImmutableVpc.Message)]
[CelRule(
    "(has(self.ipName) && self.ipName != '') || (has(self.v4Ip) && self.v4Ip != '') || (has(self.v6Ip) && self.v6Ip != '')",
    "one of ipName, v4Ip and v6Ip is needed")]
public sealed record OvnFipSpec
{
    /// <summary>Name of the OvnEip.</summary>
    [StringLength(253)]
    public string? OvnEip { get; init; }

    /// <summary>What ipName names: ip for an IP, vip for a Vip. Default: ip.</summary>
    [AllowedValues("", IpTypes.Ip, IpTypes.Vip)]
    public string? IpType { get; init; }

    /// <summary>Name of the IP (POD.NAMESPACE for a pod) or Vip that the EIP leads to.</summary>
    [StringLength(253)]
    public string? IpName { get; init; }

    /// <summary>Name of the VPC of v4Ip and v6Ip; used when ipName is empty. Immutable once set.</summary>
    [StringLength(253)]
    public string? Vpc { get; init; }

    /// <summary>The IPv4 address that the EIP leads to; used when ipName is empty.</summary>
    [StringLength(64)]
    public string? V4Ip { get; init; }

    /// <summary>The IPv6 address that the EIP leads to; used when ipName is empty.</summary>
    [StringLength(64)]
    public string? V6Ip { get; init; }

    /// <summary>
    /// Where the translation happens: distributed, on the node of the pod, or centralized, on the gateway node. Default: what
    /// ConfigMap ovn-external-gw-config says, or else distributed. Always centralized when ipName does not name an IP, or when another rule uses the OvnEip or leads to the same address.
    /// </summary>
    [AllowedValues("", GatewayTypes.Distributed, GatewayTypes.Centralized)]
    public string? Type { get; init; }
}

/// <summary>The translation in use.</summary>
public sealed record OvnFipStatus : ResourceStatus<OvnFipSpec>
{
    /// <summary>Whether the translation is in place.</summary>
    public bool? Ready { get; init; }

    /// <summary>The VPC whose router translates.</summary>
    public string? Vpc { get; init; }

    /// <summary>The IPv4 address of the EIP.</summary>
    public string? V4Eip { get; init; }

    /// <summary>The IPv6 address of the EIP.</summary>
    public string? V6Eip { get; init; }

    /// <summary>The IPv4 address behind it.</summary>
    public string? V4Ip { get; init; }

    /// <summary>The IPv6 address behind it.</summary>
    public string? V6Ip { get; init; }

    /// <summary>The MAC address that answers for the EIP when the translation is distributed.</summary>
    public string? MacAddress { get; init; }
}

/// <summary>Values of ipType.</summary>
public static class IpTypes
{
    public const string Ip = "ip";
    public const string Vip = "vip";
}
