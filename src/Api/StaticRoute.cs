using System.ComponentModel.DataAnnotations;

namespace Sluice.Api;

/// <summary>One route of a VPC's router.</summary>
public sealed record StaticRoute
{
    /// <summary>What is matched: policyDst the destination, policySrc the source. Default: policyDst.</summary>
    [AllowedValues("", RoutePolicies.Destination, RoutePolicies.Source)]
    public string? Policy { get; init; }

    /// <summary>The CIDR or address to match.</summary>
    public string? Cidr { get; init; }

    /// <summary>The address of the next router.</summary>
    public string? NextHopIP { get; init; }

    /// <summary>ecmp_symmetric_reply sends replies back over the next hop they answer. Default: empty.</summary>
    [AllowedValues("", "ecmp_symmetric_reply")]
    public string? EcmpMode { get; init; }

    /// <summary>UUID of the BFD session that watches the next hop.</summary>
    public string? BfdId { get; init; }

    /// <summary>The routing table. Default: the main one.</summary>
    public string? RouteTable { get; init; }
}

/// <summary>Values of the policy of a <see cref="StaticRoute"/>.</summary>
public static class RoutePolicies
{
    public const string Destination = "policyDst";
    public const string Source = "policySrc";
}
