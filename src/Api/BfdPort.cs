namespace Sluice.Api;

/// <summary>A port of a VPC's router for BFD sessions.</summary>
public sealed record BfdPort
{
    /// <summary>Whether the port exists. Default: false.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The address of the port: IPv4, IPv6, or both joined by a comma.</summary>
    public string? Ip { get; init; }

    /// <summary>The nodes that may host the port. Default: all nodes.</summary>
    public LabelSelector? NodeSelector { get; init; }
}

/// <summary>The port for BFD sessions as it is.</summary>
public sealed record BfdPortStatus
{
    /// <summary>Name of the router port.</summary>
    public string? Name { get; init; }

    /// <summary>The address of the port.</summary>
    public string? Ip { get; init; }

    /// <summary>Names of the nodes that may host the port, preferred ones first.</summary>
    public ValueList<string>? Nodes { get; init; }
}
