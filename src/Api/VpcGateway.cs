namespace Sluice.Api;

/// <summary>Where a router port that several gateway nodes stand by for is now.</summary>
public sealed record VpcGateway
{
    /// <summary>Name of the external subnet.</summary>
    public string? Subnet { get; init; }

    /// <summary>Name of the router port.</summary>
    public string? Port { get; init; }

    /// <summary>Name of the node that carries it; empty when no gateway node has the chassis.</summary>
    public string? Node { get; init; }

    /// <summary>Name of the OVN chassis that carries it.</summary>
    public string? Chassis { get; init; }
}

/// <summary>A BFD session between a router port and a gateway.</summary>
public sealed record VpcBfdSession
{
    /// <summary>Name of the router port.</summary>
    public string? Port { get; init; }

    /// <summary>The address at the other end.</summary>
    public string? Peer { get; init; }

    /// <summary>Name of the gateway node with that address; empty for the gateway of the external subnet.</summary>
    public string? Node { get; init; }

    /// <summary>down, init, up or admin_down, as OVN says; empty while it has not said.</summary>
    public string? State { get; init; }
}
