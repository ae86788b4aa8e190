namespace Sluice.Plan.Vpcs;

/// <summary>What a rule comes down to: which external addresses and ports stand for which internal ones, family by family.</summary>
internal sealed record Translation
{
    /// <summary>The OvnEip.</summary>
    public required string Eip { get; init; }

    /// <summary>The external subnet of the OvnEip.</summary>
    public required string ExternalSubnet { get; init; }

    /// <summary>Whether the OvnEip is the address of the router's own port.</summary>
    public bool IsRouterAddress { get; init; }

    public string? V4Eip { get; init; }

    public string? V6Eip { get; init; }

    /// <summary>The IPv4 address or CIDR behind <see cref="V4Eip"/>.</summary>
    public string? V4 { get; init; }

    /// <summary>The IPv6 address or CIDR behind <see cref="V6Eip"/>.</summary>
    public string? V6 { get; init; }

    /// <summary>The subnet that the internal addresses are in; null when the rule gives them by value.</summary>
    public string? InnerSubnet { get; init; }

    /// <summary>The port of the pod that has the internal addresses; null when they are nobody's in particular.</summary>
    public string? PodPort { get; init; }

    /// <summary>The MAC address of that port.</summary>
    public string? PodMac { get; init; }

    /// <summary>DNAT only: tcp, udp or sctp.</summary>
    public string? Protocol { get; init; }

    public ushort ExternalPort { get; init; }

    public ushort InternalPort { get; init; }
}
