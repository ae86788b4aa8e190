using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Vpcs;

/// <summary>The claims of a rule.</summary>
internal static class RuleClaims
{
    /// <summary>
    /// One claim per slot; one without a slot when there is none, for the rule still counts where VPCs compete. None of a rule that is
    /// being deleted.
    /// </summary>
    public static ImmutableArray<EipClaim> Of(KubeObject rule, string kind, string? eip, string? vpc, params ImmutableArray<string> slots)
    {
        if (string.IsNullOrEmpty(eip) || rule.Metadata.IsDeleting) return [];
        if (slots.IsEmpty) slots = [""];
        var (created, name) = (rule.Metadata.CreationTimestamp ?? default, rule.Metadata.Name);
        var isInForce = rule is IRetainsSpec { HasAccepted: true };
        return [.. slots.Select(slot => new EipClaim(eip, slot, created, kind, name, vpc) { IsInForce = isInForce })];
    }

    /// <summary>
    /// The claims on the sources that a rule translates, in the families that its OvnEip has. While that has no address, or the target not
    /// all that it needs, in those of the target: who waits keeps its place.
    /// </summary>
    /// <param name="resolution">Of the rule, with its claims on the OvnEip.</param>
    public static ImmutableArray<SourceClaim> OfSources(RuleResolution resolution, OvnEip? eip, VpcSettings settings)
    {
        if (eip is null || resolution.Claims.IsEmpty) return [];

        var (target, translation) = (resolution.Target, resolution.Translation);
        if (translation is null && resolution.Refusal is not { Reason: Reasons.EipNotReady or Reasons.AddressPending }) return [];

        var (network, by) = (AddressHome.Of(eip, settings.DefaultExternalSubnet), resolution.Claims[0]);
        return (translation is null ? (target.V4, target.V6) : (translation.V4, translation.V6)) switch
        {
            ({ } v4, { } v6) => [new(network, v4, by), new(network, v6, by)],
            ({ } v4, null) => [new(network, v4, by)],
            (null, { } v6) => [new(network, v6, by)],
            _ => [],
        };
    }
}
