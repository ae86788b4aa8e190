using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>What one interface of a pod shall be.</summary>
internal sealed record PodNetwork
{
    /// <summary>Whose it is.</summary>
    public required Pod Pod { get; init; }

    /// <summary>The logical switch port, which the OVS interface claims.</summary>
    public required string IfaceId { get; init; }

    public required MacAddress Mac { get; init; }

    /// <summary>At least one, IPv4 first.</summary>
    public required IReadOnlyList<PodAddress> Addresses { get; init; }

    /// <summary>The default routes first.</summary>
    public required IReadOnlyList<PodRoute> Routes { get; init; }

    public required int Mtu { get; init; }

    public required string Subnet { get; init; }

    /// <summary>Whether the subnet is a VLAN of a physical network, where others may have taken an address.</summary>
    public bool IsUnderlay { get; init; }

    /// <summary>Whether the pod shall only start once its gateways answer.</summary>
    public bool CheckGateway { get; init; }

    /// <summary>Whether the pod's kernel has to complete checksums itself.</summary>
    public bool ChecksumInSoftware { get; init; }

    public bool HasIpv6 => Addresses.Any(address => address.Address.Family == IpFamily.V6);
}

/// <param name="Gateway">Of the subnet, in the address's family; null when it has none.</param>
internal sealed record PodAddress(IpAddress Address, int PrefixLength, IpAddress? Gateway);

/// <param name="Gateway">Null when the destination is on the link.</param>
internal sealed record PodRoute(Cidr Destination, IpAddress? Gateway);
