using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sluice.Api;

/// <summary>An exception from natOutgoing.</summary>
public sealed record NatOutgoingPolicyRule
{
    /// <summary>The packets it applies to.</summary>
    public NatOutgoingPolicyMatch? Match { get; init; }

    /// <summary>nat translates the source, forward leaves it.</summary>
    [AllowedValues("nat", "forward")]
    public string? Action { get; init; }
}

/// <summary>Source and destination of packets; an empty one matches all.</summary>
public sealed record NatOutgoingPolicyMatch
{
    /// <summary>Source CIDRs and addresses, joined by commas.</summary>
    [JsonPropertyName("srcIPs")]
    public string? SourceIPs { get; init; }

    /// <summary>Destination CIDRs and addresses, joined by commas.</summary>
    [JsonPropertyName("dstIPs")]
    public string? DestinationIPs { get; init; }
}

/// <summary>An exception from natOutgoing that is in use.</summary>
public sealed record NatOutgoingPolicyRuleStatus
{
    /// <summary>Identifies the rule on the nodes.</summary>
    [JsonPropertyName("ruleID")]
    public string? RuleId { get; init; }

    /// <summary>The packets it applies to.</summary>
    public NatOutgoingPolicyMatch? Match { get; init; }

    /// <summary>nat translates the source, forward leaves it.</summary>
    public string? Action { get; init; }
}
