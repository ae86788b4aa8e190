using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.NodePorts;

/// <summary>All that decides what the node's own port in the overlay is.</summary>
internal sealed record NodePortInput
{
    public required Node Node { get; init; }

    public required OvsSnapshot Ovs { get; init; }

    /// <summary>Null until ovs-vswitchd made it.</summary>
    public LinkEntry? Link { get; init; }

    /// <summary>Those of <see cref="Link"/> but link-local ones.</summary>
    public IReadOnlyList<(IpAddress Address, int PrefixLength)> Addresses { get; init; } = [];

    /// <summary>Those through <see cref="Link"/> that an agent made.</summary>
    public IReadOnlyList<NodeRoute> Routes { get; init; } = [];

    /// <summary>The overlay's subnets of the default VPC, the node ports' own left out.</summary>
    public IReadOnlyList<Cidr> OverlayCidrs { get; init; } = [];

    /// <summary>The node's addresses in the underlay, as far as they are on this host: what it sends from.</summary>
    public IReadOnlyList<IpAddress> SourceAddresses { get; init; } = [];

    public required int Mtu { get; init; }
}

/// <param name="Source">What the host sends from; null lets the kernel choose.</param>
internal sealed record NodeRoute(Cidr Destination, IpAddress? Gateway, IpAddress? Source);
