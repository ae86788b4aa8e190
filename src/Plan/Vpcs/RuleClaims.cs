using System.Collections.Immutable;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>The claims of a rule on its OvnEip.</summary>
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
        return [.. slots.Select(slot => new EipClaim(eip, slot, created, kind, name, vpc))];
    }
}
