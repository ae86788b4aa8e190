using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>What is remembered of one rule: what was decided, and all that the decision rests on.</summary>
internal sealed class RuleEntry<TRule>
    where TRule : KubeObject
{
    private RuleInput<TRule> _input;
    private VpcSettings? _settings;
    private RuleContext? _context;
    private EipContest? _contest;
    private Sharing? _sharing;
    private Refusal? _lost;
    private Placement? _placement;
    private RuleDecision<TRule>? _decision;

    /// <summary>When the rule was seen last.</summary>
    public int Run { get; private set; }

    public RuleResolution Resolution { get; private set; } = null!;

    public TRule Rule => _input.Rule;

    /// <summary>Works out what the rule means by itself, if anything that it refers to is another object than last time.</summary>
    /// <returns>Whether it claims something else than before.</returns>
    public bool Resolve(RuleKind<TRule> kind, in RuleInput<TRule> input, VpcSettings settings, int run)
    {
        Run = run;
        if (ReferenceEquals(_settings, settings)
            && ReferenceEquals(_input.Rule, input.Rule)
            && ReferenceEquals(_input.Eip, input.Eip)
            && ReferenceEquals(_input.Ip, input.Ip)
            && ReferenceEquals(_input.Vip, input.Vip)
            && ReferenceEquals(_input.Subnet, input.Subnet))
        {
            return false;
        }

        var before = Resolution;
        var resolution = kind.Resolve(input, settings);
        // Most changes of what a rule refers to are none of its business, such as a Subnet's count of addresses.
        if (!ReferenceEquals(_input.Rule, input.Rule) || !resolution.Equals(before) || AwaitsEip(_input) != AwaitsEip(input)) _decision = null;
        if (!resolution.Equals(before)) Resolution = resolution;
        (_input, _settings) = (input, settings);

        return before is null || !before.HasClaimsOf(Resolution);
    }

    /// <summary>Decides on the rule, unless the decision stands.</summary>
    public RuleDecision<TRule> Decide(RuleKind<TRule> kind, RuleContext context, EipContest contest, Sharing? sharing)
    {
        var isSame = _decision is not null && ReferenceEquals(_context, context);
        if (isSame && ReferenceEquals(_contest, contest) && ReferenceEquals(_sharing, sharing)) return _decision!;

        var lost = contest.Verdict(Resolution.Claims, Resolution.Sources);
        var placement = isSame && ReferenceEquals(_sharing, sharing) ? _placement
            : sharing is not null && Resolution.Translation is { } translation ? kind.Place(_input.Rule, translation, sharing, context)
            : null;
        isSame = isSame && Equals(_lost, lost) && Equals(_placement, placement);
        (_context, _contest, _sharing, _lost, _placement) = (context, contest, sharing, lost, placement);
        return isSame ? _decision! : _decision = Decide(kind, context);
    }

    private RuleDecision<TRule> Decide(RuleKind<TRule> kind, RuleContext context)
    {
        var rule = _input.Rule;
        if (rule.Metadata.IsDeleting) return RuleDecision<TRule>.Release(kind, rule);

        var refusal = Resolution.Refusal ?? context.Refusal?.In(Resolution.Target.VpcField) ?? context.CheckTarget(Resolution.Target) ?? _lost
            ?? context.CheckConnection(Resolution.Translation!) ?? kind.Check(Resolution.Translation!, context);
        if (refusal is null) return RuleDecision<TRule>.Serve(kind, rule, Resolution.Translation!, _placement, context);

        // A new OvnEip is about to get its address, or to say why not: until then a rule that never worked has nothing to tell.
        return refusal.Reason == Reasons.EipNotReady && AwaitsEip(_input) && !kind.Conditions(rule).IsTrue(ConditionTypes.Ready)
            ? RuleDecision<TRule>.Wait(kind, rule, Resolution.Vpc, refusal)
            : RuleDecision<TRule>.Refuse(kind, rule, Resolution.Vpc ?? (context.Refusal is null ? kind.LastVpc(rule) : null), refusal);
    }

    /// <summary>Whether nobody has looked at the rule's OvnEip yet.</summary>
    private static bool AwaitsEip(in RuleInput<TRule> input) => input.Eip is { Status: null };
}
