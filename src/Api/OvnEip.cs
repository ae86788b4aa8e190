using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>An elastic IP: one public address per family, taken from an external subnet. FIP, SNAT and DNAT rules name it.</summary>
[CustomResource("ovn-eip", "oeip")]
[PrinterColumn("V4IP", ".status.v4Ip")]
[PrinterColumn("V6IP", ".status.v6Ip")]
[PrinterColumn("Mac", ".status.macAddress")]
[PrinterColumn("Type", ".status.use")]
[PrinterColumn("Ready", ".status.ready", Type = "boolean")]
[PrinterColumn("Usage", ".status.type", Wide = true)]
[PrinterColumn("Nat", ".status.nat", Wide = true)]
[PrinterColumn("ExternalSubnet", ".spec.externalSubnet", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record OvnEip : CustomResource<OvnEipSpec, OvnEipStatus>
{
    public OvnEip() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(OvnEip));
}

/// <summary>Which address, from where, for what.</summary>
[CelRule(
    "!has(oldSelf.externalSubnet) || oldSelf.externalSubnet == '' || (has(self.externalSubnet) && self.externalSubnet == oldSelf.externalSubnet)",
    "externalSubnet cannot be changed; create another OvnEip")]
[CelRule(
    "!has(oldSelf.type) || oldSelf.type == '' || (has(self.type) && self.type == oldSelf.type)",
    "type cannot be changed; create another OvnEip")]
public sealed record OvnEipSpec
{
    /// <summary>Name of the subnet that the address is taken from. Default: the subnet of --external-gateway-switch. Immutable once set.</summary>
    [StringLength(253)]
    public string? ExternalSubnet { get; init; }

    /// <summary>The IPv4 address to take; it may lie in excludeIps. Default: the lowest free one. The status says which it is.</summary>
    public string? V4Ip { get; init; }

    /// <summary>The IPv6 address to take; it may lie in excludeIps. Default: the lowest free one. The status says which it is.</summary>
    public string? V6Ip { get; init; }

    /// <summary>The MAC address to use. Default: one that is unique in the subnet. The status says which it is.</summary>
    public string? MacAddress { get; init; }

    /// <summary>
    /// What the address is for: nat for FIP, SNAT and DNAT rules, lrp for the port that connects a VPC to the subnet, lsp for the
    /// port of a gateway node. Default: nat. Immutable once set.
    /// </summary>
    [AllowedValues("", EipTypes.Nat, EipTypes.Lrp, EipTypes.Lsp), StringLength(16)]
    public string? Type { get; init; }
}

/// <summary>The addresses in use and who uses them.</summary>
public sealed record OvnEipStatus : ResourceStatus<OvnEipSpec>
{
    /// <summary>The IPv4 address.</summary>
    public string? V4Ip { get; init; }

    /// <summary>The IPv6 address.</summary>
    public string? V6Ip { get; init; }

    /// <summary>The MAC address that answers for the addresses.</summary>
    public string? MacAddress { get; init; }

    /// <summary>What the address is for: nat, lrp or lsp.</summary>
    public string? Type { get; init; }

    /// <summary>The kinds of rules that use the address, of dnat, fip and snat in this order, joined by commas; empty while there are none.</summary>
    public string? Nat { get; init; }

    /// <summary>What kubectl shows as the type: nat, or the value of type while no rule uses the address.</summary>
    public string? Use { get; init; }

    /// <summary>Whether the address may be used.</summary>
    public bool? Ready { get; init; }
}

/// <summary>Values of the type of an <see cref="OvnEip"/>.</summary>
public static class EipTypes
{
    public const string Nat = "nat";
    public const string Lrp = "lrp";
    public const string Lsp = "lsp";
}
