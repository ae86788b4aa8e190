using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>A virtual IP: an address that is reserved in a subnet and belongs to no single pod.</summary>
[CustomResource("vip", StatusSubresource = false)]
[PrinterColumn("V4IP", ".status.v4ip")]
[PrinterColumn("PV4IP", ".spec.parentV4ip")]
[PrinterColumn("Mac", ".status.mac")]
[PrinterColumn("PMac", ".spec.parentMac")]
[PrinterColumn("V6IP", ".status.v6ip")]
[PrinterColumn("PV6IP", ".spec.parentV6ip")]
[PrinterColumn("Subnet", ".spec.subnet")]
[PrinterColumn("Ready", ".status.ready", Type = "boolean")]
[PrinterColumn("Namespace", ".spec.namespace", Wide = true)]
[PrinterColumn("Type", ".status.type", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record Vip : CustomResource<VipSpec, VipStatus>
{
    public Vip() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(Vip));
}

/// <summary>Which address, from where, for what.</summary>
public sealed record VipSpec
{
    /// <summary>Namespace of the pods that may carry the address.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the subnet that the address is taken from.</summary>
    public string? Subnet { get; init; }

    /// <summary>
    /// What the address is for: switch_lb_vip for a switch load balancer, kube_host_vm_vip for a virtual machine on a node, empty for
    /// any other use. Default: empty.
    /// </summary>
    [AllowedValues("", "switch_lb_vip", "kube_host_vm_vip")]
    public string? Type { get; init; }

    /// <summary>The IPv4 address to take. Default: the lowest free one. The status says which it is.</summary>
    public string? V4ip { get; init; }

    /// <summary>The IPv6 address to take. Default: the lowest free one. The status says which it is.</summary>
    public string? V6ip { get; init; }

    /// <summary>The MAC address to use. Default: one that is unique in the subnet. The status says which it is.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Labels of the pods that may carry the address, each as "key: value".</summary>
    public ValueList<string>? Selector { get; init; }

    /// <summary>Names of further subnets. Kept, not used.</summary>
    public ValueList<string>? AttachSubnets { get; init; }

    /// <summary>Deprecated: the IPv4 address of the port that carried the address.</summary>
    public string? ParentV4ip { get; init; }

    /// <summary>Deprecated: the IPv6 address of the port that carried the address.</summary>
    public string? ParentV6ip { get; init; }

    /// <summary>Deprecated: the MAC address of the port that carried the address.</summary>
    public string? ParentMac { get; init; }
}

/// <summary>The addresses in use.</summary>
public sealed record VipStatus : ResourceStatus<VipSpec>
{
    /// <summary>What the address is for.</summary>
    public string? Type { get; init; }

    /// <summary>The IPv4 address.</summary>
    public string? V4ip { get; init; }

    /// <summary>The IPv6 address.</summary>
    public string? V6ip { get; init; }

    /// <summary>The MAC address.</summary>
    public string? Mac { get; init; }

    /// <summary>Labels of the pods that may carry the address.</summary>
    public ValueList<string>? Selector { get; init; }

    /// <summary>Whether the address may be used.</summary>
    public bool? Ready { get; init; }

    /// <summary>Deprecated: the IPv4 address of the port that carried the address.</summary>
    public string? Pv4ip { get; init; }

    /// <summary>Deprecated: the IPv6 address of the port that carried the address.</summary>
    public string? Pv6ip { get; init; }

    /// <summary>Deprecated: the MAC address of the port that carried the address.</summary>
    public string? Pmac { get; init; }
}
