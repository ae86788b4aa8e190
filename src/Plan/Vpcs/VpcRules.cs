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
    private ImmutableArray<EipClaim> _otherClaims = [];
    private EipContest? _contest;
    private RuleContext? _context;
    private Sharing? _sharing;
    private ImmutableArray<RuleDecision<OvnSnatRule>> _sharingSnatRules = [];
    private ImmutableArray<RuleDecision<OvnDnatRule>> _sharingDnatRules = [];

    /// <summary>Resolves the rules, each by itself, and compares what they claim.</summary>
    public EipContest Resolve(VpcInput input)
    {
        var changed = _fips.Resolve(input.Name, input.Fips, input.Settings);
        changed |= _snatRules.Resolve(input.Name, input.SnatRules, input.Settings);
        changed |= _dnatRules.Resolve(input.Name, input.DnatRules, input.Settings);
        changed |= !_otherClaims.AsSpan().SequenceEqual(input.OtherClaims.AsSpan());
        if (_contest is not null && !changed) return _contest;

        _otherClaims = input.OtherClaims;
        _contest = new EipContest(input.Name, input.Fips.Length + input.SnatRules.Length + input.DnatRules.Length);
        _contest.AddOthers(_otherClaims);
        _fips.Enter(_contest);
        _snatRules.Enter(_contest);
        _dnatRules.Enter(_contest);
        return _contest;
    }

    /// <summary>Decides on the rules that were resolved last.</summary>
    public RuleDecisions Decide(RuleContext context, EipContest contest)
    {
        // What is equal is made the same instance, so that each rule sees by comparing references that nothing is different.
        _context = context.Equals(_context) ? _context : context;
        var dnatRules = _dnatRules.Decide(_context, contest, null);
        var snatRules = _snatRules.Decide(_context, contest, null);
        if (_sharing is null || dnatRules != _sharingDnatRules || snatRules != _sharingSnatRules)
        {
            (_sharing, _sharingDnatRules, _sharingSnatRules) = (new(dnatRules, snatRules), dnatRules, snatRules);
        }

        var sharing = _sharing;
        var fips = _fips.Decide(_context, contest, sharing);
        while (sharing.With(fips) is { } wider)
        {
            sharing = wider;
            fips = _fips.Decide(_context, contest, sharing);
        }
        return new(fips, snatRules, dnatRules);
    }

    /// <summary>Adds the rows of the rules as they were decided on last.</summary>
    public void AddRows(VpcRows rows)
    {
        rows.AddRange(_fips.Rows);
        rows.AddRange(_snatRules.Rows);
        rows.AddRange(_dnatRules.Rows);
    }

    /// <summary>The rules whose specs lead to the VPC, apart from those that are being deleted, as text.</summary>
    public IEnumerable<string> Referrers(string vpc) =>
        _fips.Referrers(vpc).Concat(_snatRules.Referrers(vpc)).Concat(_dnatRules.Referrers(vpc));
}

/// <summary>What is to happen to the rules of one VPC.</summary>
internal sealed record RuleDecisions(
    ImmutableArray<RuleDecision<OvnFip>> Fips,
    ImmutableArray<RuleDecision<OvnSnatRule>> SnatRules,
    ImmutableArray<RuleDecision<OvnDnatRule>> DnatRules)
{
    /// <summary>Kind and name of each rule that is served and translates to one of some external subnets.</summary>
    public IEnumerable<string> ServedOn(IReadOnlySet<string> externalSubnets) =>
        On(Fips, externalSubnets).Concat(On(SnatRules, externalSubnets)).Concat(On(DnatRules, externalSubnets));

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

    /// <param name="dataPlane">Null when nobody is told how far the data plane is.</param>
    /// <param name="awaited">Where rules are added that the data plane has yet to catch up with.</param>
    public static ImmutableArray<Change<TRule>> After<TRule>(
        ImmutableArray<RuleDecision<TRule>> decisions, Obstacles obstacles, IDataPlane? dataPlane, ICollection<AwaitedRule> awaited)
        where TRule : KubeObject
    {
        var changes = ImmutableArray.CreateBuilder<Change<TRule>>();
        foreach (var decision in decisions)
        {
            var after = dataPlane is not null ? decision.AfterWith(obstacles, dataPlane, awaited)
                : obstacles.None ? decision.After
                : decision.AfterWith(obstacles);
            if (after is { } change) changes.Add(change);
        }
        return changes.DrainToImmutable();
    }

    private static IEnumerable<string> On<TRule>(ImmutableArray<RuleDecision<TRule>> decisions, IReadOnlySet<string> externalSubnets)
        where TRule : KubeObject =>
        from decision in decisions
        where decision.Translation is { } translation && externalSubnets.Contains(translation.ExternalSubnet)
        select decision.Name;
}
