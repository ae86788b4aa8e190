using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>One VLAN of a provider network; an underlay Subnet names it in spec.vlan.</summary>
[CustomResource("vlan")]
[PrinterColumn("ID", ".spec.id")]
[PrinterColumn("Provider", ".spec.provider")]
[PrinterColumn("Conflict", ".status.conflict", Type = "boolean", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record Vlan : CustomResource<VlanSpec, VlanStatus>
{
    public Vlan() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(Vlan));
}

/// <summary>The tag and the network it is used on.</summary>
public sealed record VlanSpec
{
    /// <summary>The IEEE 802.1Q tag; 0 means untagged. Default: 0.</summary>
    [Range(0, 4095)]
    public int? Id { get; init; }

    /// <summary>Name of the ProviderNetwork.</summary>
    [Required]
    public string? Provider { get; init; }

    /// <summary>Deprecated: former name of id.</summary>
    [Range(0, 4095)]
    public int? VlanId { get; init; }

    /// <summary>Deprecated: former name of provider.</summary>
    public string? ProviderInterfaceName { get; init; }
}

/// <summary>Who uses the VLAN.</summary>
public sealed record VlanStatus : ResourceStatus<VlanSpec>
{
    /// <summary>Names of the subnets on the VLAN.</summary>
    public ValueList<string>? Subnets { get; init; }

    /// <summary>Whether another Vlan of the same provider network has the same tag.</summary>
    public bool? Conflict { get; init; }
}
