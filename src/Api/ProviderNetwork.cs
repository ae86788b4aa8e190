using System.ComponentModel.DataAnnotations;
using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>A physical network: which NIC of each node reaches it. The node's agent puts that NIC into the bridge br-NAME.</summary>
[CustomResource("provider-network", "pn")]
[PrinterColumn("DefaultInterface", ".spec.defaultInterface")]
[PrinterColumn("Ready", ".status.ready", Type = "boolean")]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
[CelRule("size(self.metadata.name) <= 12", "the name may have at most 12 characters, because the bridge br-NAME may have 15")]
public sealed record ProviderNetwork : CustomResource<ProviderNetworkSpec, ProviderNetworkStatus>
{
    public ProviderNetwork() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(ProviderNetwork));
}

/// <summary>Which NIC reaches the network, on which nodes.</summary>
public sealed record ProviderNetworkSpec
{
    /// <summary>The NIC used on nodes that customInterfaces does not name.</summary>
    [Required, StringLength(15), RegularExpression(@"^[^/\s]+$")]
    public string? DefaultInterface { get; init; }

    /// <summary>Other NICs for some nodes.</summary>
    public ValueList<CustomInterface>? CustomInterfaces { get; init; }

    /// <summary>The nodes that take part; when set, excludeNodes is ignored. Default: all nodes.</summary>
    public LabelSelector? NodeSelector { get; init; }

    /// <summary>Names of nodes that do not take part.</summary>
    public ValueList<string>? ExcludeNodes { get; init; }

    /// <summary>Whether the bridge takes the NIC's name, the NIC being renamed to br-NAME. Default: false.</summary>
    public bool? ExchangeLinkName { get; init; }

    /// <summary>Whether missing VLAN subinterfaces of vlanInterfaces are created on the nodes. Default: false.</summary>
    public bool? AutoCreateVlanSubinterfaces { get; init; }

    /// <summary>Whether existing VLAN subinterfaces of the NIC are kept working through ports of the bridge. Default: false.</summary>
    public bool? PreserveVlanInterfaces { get; init; }

    /// <summary>VLAN subinterfaces to keep or create, each as NIC.VLANID.</summary>
    public ValueList<string>? VlanInterfaces { get; init; }
}

/// <summary>A NIC that some nodes use instead of the default one.</summary>
public sealed record CustomInterface
{
    /// <summary>The NIC.</summary>
    [Required, StringLength(15), RegularExpression(@"^[^/\s]+$")]
    public string? Interface { get; init; }

    /// <summary>Names of the nodes that use it.</summary>
    [Required]
    public ValueList<string>? Nodes { get; init; }
}

/// <summary>Which nodes are attached to the network.</summary>
public sealed record ProviderNetworkStatus : ResourceStatus<ProviderNetworkSpec>
{
    /// <summary>Whether no node of the network is missing.</summary>
    public bool? Ready { get; init; }

    /// <summary>Nodes whose bridge works.</summary>
    public ValueList<string>? ReadyNodes { get; init; }

    /// <summary>Nodes whose bridge does not work; conditions say why.</summary>
    public ValueList<string>? NotReadyNodes { get; init; }

    /// <summary>Names of the Vlan objects that use the network.</summary>
    public ValueList<string>? Vlans { get; init; }
}
