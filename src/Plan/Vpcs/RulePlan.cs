using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>What can be said of a rule of one kind without the rest of its VPC.</summary>
public sealed class RulePlan<TRule>
    where TRule : KubeObject
{
    private readonly RuleKind<TRule> _kind;

    internal RulePlan(RuleKind<TRule> kind) => _kind = kind;

    /// <summary>Where the rule belongs.</summary>
    public RuleMembership Membership(in RuleInput<TRule> input, VpcSettings settings)
    {
        var resolution = _kind.Resolve(input, settings);
        var vpc = resolution.Vpc ?? _kind.LastVpc(input.Rule);
        // What an edit asks for makes the VPC hear of who has it elsewhere.
        return input.Written is not { } written
            ? new(vpc, resolution.Claims)
            : new(vpc, [.. resolution.Claims, .. _kind.Resolve(written.Input, settings).Claims.Select(claim => claim with { IsTentative = true })]);
    }

    /// <summary>
    /// Why the rule can never be served, in whatever order objects come to be and go; null when it may be. What it refers to may not
    /// exist yet.
    /// </summary>
    public Refusal? CheckSpec(in RuleInput<TRule> input, VpcSettings settings) => _kind.Resolve(input, settings).Refusal is
    {
        Reason: Reasons.InvalidSpec or Reasons.FamilyMismatch or Reasons.EipTypeMismatch or Reasons.Conflict,
    } refusal
        ? refusal
        : null;

    /// <summary>The metadata that the rule has once it is served, if all that it refers to has its addresses; else what it has.</summary>
    public ObjectMeta Prepared(in RuleInput<TRule> input, VpcSettings settings) =>
        _kind.Resolve(input, settings).Translation is { } translation
            ? RuleDecision<TRule>.Metadata(_kind, input.Rule, translation)
            : input.Rule.Metadata;

    /// <summary>
    /// What is to be stored of a rule that belongs to no VPC, so that no plan of a VPC speaks for it; null when it is stored already.
    /// Such a rule has no rows.
    /// </summary>
    public Change<TRule>? Unowned(in RuleInput<TRule> input, VpcSettings settings)
    {
        if (input.Rule.Metadata.IsDeleting) return RuleDecision<TRule>.Release(_kind, input.Rule).After;

        var resolution = _kind.Resolve(input, settings);
        return resolution.Refusal is { } refusal ? RuleDecision<TRule>.Refuse(_kind, input.Rule, null, refusal).After : null;
    }
}

/// <summary>The plans of the three kinds of rules.</summary>
public static class RulePlans
{
    public static RulePlan<OvnFip> Fip { get; } = new(FipPlan.Instance);

    public static RulePlan<OvnSnatRule> Snat { get; } = new(SnatPlan.Instance);

    public static RulePlan<OvnDnatRule> Dnat { get; } = new(DnatPlan.Instance);
}

/// <summary>Where a rule belongs.</summary>
/// <param name="Vpc">
/// The VPC that its spec leads to, or led to when it last led anywhere: a rule whose pod went away stays with its VPC, which takes its rows
/// down and says why. Null when it never led anywhere.
/// </param>
/// <param name="Claims">What it asks of its OvnEip; empty when it is being deleted.</param>
public sealed record RuleMembership(string? Vpc, ImmutableArray<EipClaim> Claims);
