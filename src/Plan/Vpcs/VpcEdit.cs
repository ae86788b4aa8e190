using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>What becomes of the spec of a Vpc that a user wrote, see docs/design/0012.</summary>
/// <param name="InForce">The spec that is in force once this is stored.</param>
/// <param name="Refusal">Why the written spec does not come into force; null when it does.</param>
internal sealed record VpcEdit(VpcSpec InForce, Refusal? Refusal)
{
    /// <param name="vpc">Served by the spec in force.</param>
    /// <param name="rules">As they are served by it.</param>
    public static VpcEdit Of(Vpc vpc, VpcSettings settings, RuleDecisions rules)
    {
        if (vpc.Status?.Accepted is not { } accepted || vpc.WrittenSpec == accepted) return new(vpc.WrittenSpec, null);

        var refusal = Malformed(vpc.WrittenSpec);
        // What is wrong already is no reason to refuse an edit: entry by entry is how it is repaired.
        if (refusal is not null && Malformed(accepted) is not null) refusal = null;
        if (refusal is null && !Disruptions.AreAllowed(vpc.Metadata)) refusal = Disconnection(vpc, settings, rules);
        return refusal is null ? new(vpc.WrittenSpec, null) : new(accepted, refusal);
    }

    /// <summary>That the written spec comes into force, to be stored before anything follows it; null when it is in force or refused.</summary>
    public Change<Vpc>? Acceptance(Vpc vpc) =>
        vpc.IsEdited && Refusal is null ? new(vpc, (Vpc)((IRetainsSpec)vpc).Accepting()) : null;

    /// <summary>Why an entry of the spec cannot be a route or a policy; null when all can.</summary>
    private static Refusal? Malformed(VpcSpec spec)
    {
        var refusals = new List<Refusal>();
        RoutesPlan.Read(spec, refusals);
        PoliciesPlan.Read(spec, refusals);
        return refusals.Count == 0 ? null : new(Reasons.InvalidSpec, string.Join("; ", refusals.Select(refusal => refusal.Message)));
    }

    /// <summary>Why the VPC stays connected: rules use an external subnet that it would leave.</summary>
    private static Refusal? Disconnection(Vpc vpc, VpcSettings settings, RuleDecisions rules)
    {
        var left = ExternalSubnets.WantedBy(vpc, settings).Except(ExternalSubnets.WantedBy((Vpc)vpc.AsWritten(), settings)).ToHashSet(StringComparer.Ordinal);
        if (left.Count == 0) return null;

        var users = rules.ServedOn(left).Order(StringComparer.Ordinal).ToList();
        if (users.Count == 0) return null;
        var field = vpc.WrittenSpec.EnableExternal == true ? "spec.extraExternalSubnets" : "spec.enableExternal";
        var subnets = string.Join(", ", left.Order(StringComparer.Ordinal));
        return new(Reasons.InUse, $"{field}: the connection to {subnets} is in use by {VpcStatusPlan.Shortened([.. users])}");
    }
}
