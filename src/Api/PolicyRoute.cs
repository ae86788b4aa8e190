using System.ComponentModel.DataAnnotations;

namespace Sluice.Api;

/// <summary>One routing policy of a VPC's router.</summary>
public sealed record PolicyRoute
{
    /// <summary>The highest priority that matches wins.</summary>
    [Range(0, 32767)]
    public int? Priority { get; init; }

    /// <summary>The packets it applies to, in OVN's expression language, e.g. ip4.dst == 10.0.0.0/8.</summary>
    public string? Match { get; init; }

    /// <summary>What happens to them.</summary>
    [AllowedValues("allow", "drop", "reroute")]
    public string? Action { get; init; }

    /// <summary>For reroute: addresses of the next routers, joined by commas.</summary>
    public string? NextHopIP { get; init; }
}
