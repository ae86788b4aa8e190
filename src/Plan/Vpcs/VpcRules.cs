using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>All rules of one VPC.</summary>
internal sealed class VpcRules
{
    private readonly RuleSet<OvnFip> _fips = new(FipPlan.Instance);
    private readonly RuleSet<OvnSnatRule> _snatRules = new(SnatPlan.Instance);
    private readonly RuleSet<OvnDnatRule> _dnatRules = new(DnatPlan.Instance);
    private RuleContext? _context;

    /// <summary>Resolves the rules, each by itself, and compares what they claim.</summary>
    public EipContest Resolve(VpcInput input)
    {
        var contest = new EipContest(input.Name, input.Fips.Length + input.SnatRules.Length + input.DnatRules.Length);
        contest.AddOthers(input.OtherClaims);
        _fips.Resolve(input.Name, input.Fips, input.Settings, contest);
        _snatRules.Resolve(input.Name, input.SnatRules, input.Settings, contest);
        _dnatRules.Resolve(input.Name, input.DnatRules, input.Settings, contest);
        return contest;
    }

    /// <summary>Decides on the rules that were resolved last.</summary>
    public RuleDecisions Decide(RuleContext context, EipContest contest)
    {
        // The same instance, so that each rule sees by a comparison of references that it is the same.
        _context = context.Equals(_context) ? _context : context;
        var sharing = new Sharing();
        var dnatRules = _dnatRules.Decide(_context, contest, sharing);
        var snatRules = _snatRules.Decide(_context, contest, sharing);
        foreach (var decision in dnatRules) sharing.Add(decision, forwards: true);
        foreach (var decision in snatRules) sharing.Add(decision, forwards: false);
        var fips = _fips.Decide(_context, contest, sharing);
        while (sharing.AddCentralized(fips)) fips = _fips.Decide(_context, contest, sharing);
        return new(fips, snatRules, dnatRules);
    }

    /// <summary>The rules whose specs lead to the VPC, apart from those that are being deleted, as text.</summary>
    public IEnumerable<string> Referrers(string vpc) => [.. _fips.Referrers(vpc), .. _snatRules.Referrers(vpc), .. _dnatRules.Referrers(vpc)];
}

/// <summary>What is to happen to the rules of one VPC.</summary>
internal sealed record RuleDecisions(
    ImmutableArray<RuleDecision<OvnFip>> Fips,
    ImmutableArray<RuleDecision<OvnSnatRule>> SnatRules,
    ImmutableArray<RuleDecision<OvnDnatRule>> DnatRules)
{
    public void AddRows(VpcRows rows)
    {
        foreach (var decision in Fips) rows.AddRange(decision.Rows);
        foreach (var decision in SnatRules) rows.AddRange(decision.Rows);
        foreach (var decision in DnatRules) rows.AddRange(decision.Rows);
    }

    public static ImmutableArray<Change<TRule>> Before<TRule>(ImmutableArray<RuleDecision<TRule>> decisions)
        where TRule : KubeObject
    {
        var changes = ImmutableArray.CreateBuilder<Change<TRule>>();
        foreach (var decision in decisions)
        {
            if (decision.Before is { } change) changes.Add(change);
        }
        return changes.DrainToImmutable();
    }

    /// <param name="missing">Subnets whose switch does not exist, so that the router's port there leads nowhere.</param>
    public static ImmutableArray<Change<TRule>> After<TRule>(ImmutableArray<RuleDecision<TRule>> decisions, HashSet<string> missing)
        where TRule : KubeObject
    {
        var changes = ImmutableArray.CreateBuilder<Change<TRule>>();
        foreach (var decision in decisions)
        {
            var change = missing.Count > 0 && decision.Translation is { } translation && missing.Contains(translation.ExternalSubnet)
                ? decision.AfterWithout(VpcStatusPlan.NoSwitch(translation.ExternalSubnet))
                : decision.After;
            if (change is { } some) changes.Add(some);
        }
        return changes.DrainToImmutable();
    }
}
