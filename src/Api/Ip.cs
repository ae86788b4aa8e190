using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>
/// The addresses of one port: of a pod (named POD.NAMESPACE), of a pod's further NIC (POD.NAMESPACE.PROVIDER) or of a node (node-NODE).
/// One that a user creates reserves the addresses for the pod of that name.
/// </summary>
[CustomResource("ip", StatusSubresource = false)]
[PrinterColumn("V4IP", ".spec.v4IpAddress")]
[PrinterColumn("V6IP", ".spec.v6IpAddress")]
[PrinterColumn("Mac", ".spec.macAddress")]
[PrinterColumn("Node", ".spec.nodeName")]
[PrinterColumn("Subnet", ".spec.subnet")]
public sealed record Ip : CustomResource<IpSpec>
{
    public Ip() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, "IP");
}

/// <summary>The addresses and who has them.</summary>
public sealed record IpSpec
{
    /// <summary>Name of the pod, virtual machine or node.</summary>
    public string? PodName { get; init; }

    /// <summary>Namespace of the pod; empty for a node.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the subnet of the addresses.</summary>
    public string? Subnet { get; init; }

    /// <summary>Names of subnets of further addresses.</summary>
    public ValueList<string>? AttachSubnets { get; init; }

    /// <summary>Name of the node that the pod is on; empty until it is scheduled.</summary>
    public string? NodeName { get; init; }

    /// <summary>All addresses: IPv4, IPv6, or both joined by a comma.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The IPv4 address.</summary>
    public string? V4IpAddress { get; init; }

    /// <summary>The IPv6 address.</summary>
    public string? V6IpAddress { get; init; }

    /// <summary>Further addresses.</summary>
    public ValueList<string>? AttachIps { get; init; }

    /// <summary>The MAC address of the port.</summary>
    public string? MacAddress { get; init; }

    /// <summary>MAC addresses of the further addresses.</summary>
    public ValueList<string>? AttachMacs { get; init; }

    /// <summary>Not used.</summary>
    public string? ContainerID { get; init; }

    /// <summary>What keeps the addresses when the pod goes away: StatefulSet, VirtualMachine, or nothing when empty.</summary>
    public string? PodType { get; init; }
}
