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
    private RuleEdit? _edit;
    private RuleDecision<TRule>? _decision;

    /// <summary>When the rule was seen last.</summary>
    public int Run { get; private set; }

    public RuleResolution Resolution { get; private set; } = null!;

    /// <summary>What the rule would mean by its written spec, while that is not the one in force; else null.</summary>
    public RuleResolution? Written { get; private set; }

    /// <summary>Whether it will be another one as soon as others do not stand against it.</summary>
    public bool IsLeaving => Written is { Refusal: null };

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
            && ReferenceEquals(_input.Subnet, input.Subnet)
            && ReferenceEquals(_input.Written, input.Written))
        {
            return false;
        }

        var before = Resolution;
        var resolution = kind.Resolve(input, settings);
        // Most changes of what a rule refers to are none of its business, such as a Subnet's count of addresses.
        if (!ReferenceEquals(_input.Rule, input.Rule) || !resolution.Equals(before) || AwaitsEip(_input) != AwaitsEip(input)) _decision = null;
        if (!resolution.Equals(before)) Resolution = resolution;
        (_input, _settings) = (input, settings);

        var written = input.Written is { } edit ? kind.Resolve(edit.Input, settings) : null;
        var isSameEdit = Equals(written, Written);
        if (!isSameEdit) (Written, _decision) = (written, null);
        return before is null || !isSameEdit || !before.HasClaimsOf(Resolution);
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
        var edit = Written is null ? null : new RuleEdit(CheckEdit(kind, context, contest));
        isSame = isSame && Equals(_lost, lost) && Equals(_placement, placement) && Equals(_edit, edit);
        (_context, _contest, _sharing, _lost, _placement, _edit) = (context, contest, sharing, lost, placement, edit);
        return isSame ? _decision! : _decision = Decide(kind, context);
    }

    private RuleDecision<TRule> Decide(RuleKind<TRule> kind, RuleContext context)
    {
        var rule = _input.Rule;
        if (rule.Metadata.IsDeleting) return RuleDecision<TRule>.Release(kind, rule);

        var refusal = Resolution.Refusal ?? context.Refusal?.In(Resolution.Target.VpcField) ?? context.CheckTarget(Resolution.Target) ?? _lost
            ?? context.CheckConnection(Resolution.Translation!) ?? kind.Check(Resolution.Translation!, context);
        if (refusal is null) return RuleDecision<TRule>.Serve(kind, rule, Resolution.Translation!, _placement, context, _edit);

        // A new OvnEip is about to get its address, or to say why not: until then a rule that never worked has nothing to tell.
        return refusal.Reason == Reasons.EipNotReady && AwaitsEip(_input) && !kind.Conditions(rule).IsTrue(ConditionTypes.Ready)
            ? RuleDecision<TRule>.Wait(kind, rule, Resolution.Vpc, refusal)
            : RuleDecision<TRule>.Refuse(kind, rule, Resolution.Vpc ?? (context.Refusal is null ? kind.LastVpc(rule) : null), refusal, _edit);
    }

    /// <summary>Why the written spec does not come into force: it could not be served, or takes something from others.</summary>
    private Refusal? CheckEdit(RuleKind<TRule> kind, RuleContext context, EipContest contest)
    {
        var written = Written!;
        if (written.Refusal is not null || written.Vpc != context.Vpc) return written.Refusal;
        return context.CheckTarget(written.Target) ?? contest.CheckEdit(written.Claims, written.Sources)
            ?? context.CheckConnection(written.Translation!) ?? kind.Check(written.Translation!, context);
    }

    /// <summary>Whether nobody has looked at the rule's OvnEip yet.</summary>
    private static bool AwaitsEip(in RuleInput<TRule> input) => input.Eip is { Status: null };
}
