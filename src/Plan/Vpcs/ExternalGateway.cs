using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// What the ConfigMap of <see cref="ExternalGatewayConfig"/> asks for: that the default VPC is connected to the default external network,
/// and how.
/// </summary>
public sealed record ExternalGateway
{
    /// <summary>Whether all nodes are gateways, and FIPs whose spec does not say are translated on the nodes of their pods.</summary>
    public bool IsDistributed { get; init; }

    /// <summary>The names of the gateway nodes, unless all are. Nodes that somebody else labelled are gateways, too.</summary>
    public ValueList<string> Nodes { get; init; } = [];

    /// <summary>The routers of the external network; what is not there is the subnet's gateway.</summary>
    public DualStack<IpAddress> NextHops { get; init; }

    /// <summary>The addresses that the VPC's port must have; none when any will do.</summary>
    public DualStack<IpAddress> NicAddresses { get; init; }

    /// <summary>The blocks of <see cref="NicAddresses"/>, for a network without a Subnet.</summary>
    public DualStack<Cidr> NicNetworks { get; init; }

    /// <summary>The MAC address that the VPC's port must have; null when any will do.</summary>
    public MacAddress? NicMac { get; init; }

    /// <summary>What is wrong with the ConfigMap; each names its key.</summary>
    public ValueList<Refusal> Problems { get; init; } = [];

    /// <summary>Why the VPC can not be connected: a value is wrong, and there is no earlier one to go on with.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The values in use, to be stored at the Vpc (<see cref="ExternalGatewayReader.AcceptedAnnotation"/>); null when none are.</summary>
    public string? Accepted { get; init; }

    /// <summary>Whether the ConfigMap makes a gateway of a node.</summary>
    public bool Includes(string node) => IsDistributed || Nodes.Contains(node);
}
