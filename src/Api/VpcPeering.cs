namespace Sluice.Api;

/// <summary>A direct link to another VPC, which must name this one too.</summary>
public sealed record VpcPeering
{
    /// <summary>Name of the other VPC.</summary>
    public string? RemoteVpc { get; init; }

    /// <summary>The address of this VPC on the link, with prefix length; IPv4, IPv6, or both joined by a comma.</summary>
    public string? LocalConnectIP { get; init; }
}
