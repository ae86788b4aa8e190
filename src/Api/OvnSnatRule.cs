using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>Lets a subnet or one address of a VPC reach the outside with the address of an EIP.</summary>
[CustomResource("ovn-snat-rule", "osnat")]
[PrinterColumn("Vpc", ".status.vpc")]
[PrinterColumn("V4Eip", ".status.v4Eip")]
[PrinterColumn("V4Ip", ".status.v4IpCidr")]
[PrinterColumn("Ready", ".status.ready", Type = "boolean")]
[PrinterColumn("V6Eip", ".status.v6Eip", Wide = true)]
[PrinterColumn("V6Ip", ".status.v6IpCidr", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record OvnSnatRule : CustomResource<OvnSnatRuleSpec, OvnSnatRuleStatus>
{
    public OvnSnatRule() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(OvnSnatRule));
}

/// <summary>The EIP and whom it serves, given by vpcSubnet, by ipName, or by vpc with v4IpCidr or v6IpCidr.</summary>
[CelRule("has(self.ovnEip) && self.ovnEip != ''", "ovnEip is needed")]
[CelRule(ImmutableVpc.Rule, ImmutableVpc.Message)]
[CelRule(
    "(has(self.vpcSubnet) && self.vpcSubnet != '') || (has(self.ipName) && self.ipName != '')"
    + " || (has(self.v4IpCidr) && self.v4IpCidr != '') || (has(self.v6IpCidr) && self.v6IpCidr != '')",
    "one of vpcSubnet, ipName, v4IpCidr and v6IpCidr is needed")]
public sealed record OvnSnatRuleSpec
{
    /// <summary>Name of the OvnEip.</summary>
    [StringLength(253)]
    public string? OvnEip { get; init; }

    /// <summary>Name of a Subnet: the EIP serves its whole CIDR.</summary>
    [StringLength(253)]
    public string? VpcSubnet { get; init; }

    /// <summary>Name of an IP (POD.NAMESPACE for a pod): the EIP serves its address.</summary>
    [StringLength(253)]
    public string? IpName { get; init; }

    /// <summary>Name of the VPC of v4IpCidr and v6IpCidr. Immutable once set.</summary>
    [StringLength(253)]
    public string? Vpc { get; init; }

    /// <summary>An IPv4 CIDR or address that the EIP serves; vpcSubnet and ipName are not used then.</summary>
    [StringLength(64)]
    public string? V4IpCidr { get; init; }

    /// <summary>An IPv6 CIDR or address that the EIP serves; vpcSubnet and ipName are not used then.</summary>
    [StringLength(64)]
    public string? V6IpCidr { get; init; }
}

/// <summary>The translation in use.</summary>
public sealed record OvnSnatRuleStatus : ResourceStatus<OvnSnatRuleSpec>
{
    /// <summary>Whether the translation is in place.</summary>
    public bool? Ready { get; init; }

    /// <summary>The VPC whose router translates.</summary>
    public string? Vpc { get; init; }

    /// <summary>The IPv4 address of the EIP.</summary>
    public string? V4Eip { get; init; }

    /// <summary>The IPv6 address of the EIP.</summary>
    public string? V6Eip { get; init; }

    /// <summary>The IPv4 CIDR or address that is served.</summary>
    public string? V4IpCidr { get; init; }

    /// <summary>The IPv6 CIDR or address that is served.</summary>
    public string? V6IpCidr { get; init; }
}
