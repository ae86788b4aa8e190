using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>All that decides what the node's own port in an external network is.</summary>
internal sealed record GatewayPortInput
{
    /// <summary>The OvnEip of type lsp with the node's name; null when there is none.</summary>
    public OvnEip? Eip { get; init; }

    /// <summary>The external subnet that it is from; null when there is none.</summary>
    public Subnet? Subnet { get; init; }

    /// <summary>The OvnEips of that subnet that routers with spec.enableBfd have: these want to know whether the node forwards.</summary>
    public IReadOnlyList<OvnEip> RouterEips { get; init; } = [];

    public required OvsSnapshot Ovs { get; init; }

    public required int Mtu { get; init; }

    /// <summary>The interface where ovs-vswitchd makes it; null when there is none, or it was moved already.</summary>
    public LinkEntry? HostLink { get; init; }

    /// <summary>What is in the port's own namespace; null when there is no such namespace.</summary>
    public GatewayNamespace? Inside { get; init; }
}

/// <summary>What the namespace of the port holds.</summary>
/// <param name="Link">Null when the port is not there.</param>
/// <param name="Addresses">Those of the link but link-local ones.</param>
/// <param name="DefaultGateways">Of the default routes through the link.</param>
/// <param name="Forwards">The families in which packets are forwarded from one interface to another.</param>
/// <param name="IsOurs">Whether an agent made the namespace: somebody else's of this name is used, but never deleted.</param>
internal sealed record GatewayNamespace(
    LinkEntry? Link,
    IReadOnlyList<(IpAddress Address, int PrefixLength)> Addresses,
    IReadOnlyList<IpAddress> DefaultGateways,
    IReadOnlySet<IpFamily> Forwards,
    bool IsOurs);
