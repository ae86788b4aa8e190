using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>What is to happen to one rule.</summary>
internal sealed class RuleDecision<TRule>
    where TRule : KubeObject
{
    private readonly RuleKind<TRule> _kind;
    private readonly TRule _rule;
    private readonly string? _vpc;
    private readonly bool _isRealized;
    private readonly RuleEdit? _edit;
    private Change<TRule>? _still;
    private bool _isStillKnown;

    private RuleDecision(
        RuleKind<TRule> kind, TRule rule, string? vpc, Translation? translation, Placement? placement, Refusal? refusal, RuleEdit? edit = null)
    {
        (_kind, _rule, _vpc, Placement, Translation, Refusal, _edit) = (kind, rule, vpc, placement, translation, refusal, edit);
        _isRealized = kind.Conditions(rule).IsTrue(ConditionTypes.Realized);
    }

    /// <summary>Kind and name, for messages.</summary>
    public string Name => $"{_kind.Kind} \"{_rule.Metadata.Name}\"";

    /// <summary>Why the rule is not served; null when it is, or when it is being deleted.</summary>
    public Refusal? Refusal { get; }

    /// <summary>What is translated; null unless the rule is served.</summary>
    public Translation? Translation { get; }

    /// <summary>Where a FIP that is served is translated; null for other rules.</summary>
    public Placement? Placement { get; }

    /// <summary>The rows of the rule; none until its finalizer is stored.</summary>
    public ImmutableArray<DesiredRow> Rows { get; private init; } = [];

    /// <summary>What must be stored before the rule can have rows, or others than it has: its finalizer, or that its written spec is in force.</summary>
    public Change<TRule>? Before { get; private init; }

    /// <summary>What is to be stored once the rows are as they should be; null when it is stored already.</summary>
    public Change<TRule>? After { get; private init; }

    /// <summary>The decision on a rule that is served.</summary>
    public static RuleDecision<TRule> Serve(
        RuleKind<TRule> kind, TRule rule, Translation translation, Placement? placement, RuleContext context, RuleEdit? edit)
    {
        var decision = new RuleDecision<TRule>(kind, rule, context.Vpc, translation, placement, null, edit);
        var metadata = Metadata(kind, rule, translation);
        if (!rule.Metadata.IsHeld())
        {
            return new(kind, rule, context.Vpc, translation, placement, null) { Before = new(rule, kind.WithMetadata(rule, metadata)) };
        }
        return new(kind, rule, context.Vpc, translation, placement, null, edit)
        {
            Rows = kind.Rows(rule, translation, placement, context),
            Before = Acceptance(rule, edit),
            After = edit is { Refusal: null } ? null : decision.Describe(metadata, null, programmed: true),
        };
    }

    /// <summary>The decision on a rule that can not be served.</summary>
    /// <param name="vpc">The VPC that the rule leads to, or led to when it last led anywhere.</param>
    public static RuleDecision<TRule> Refuse(RuleKind<TRule> kind, TRule rule, string? vpc, Refusal refusal, RuleEdit? edit = null)
    {
        if (Acceptance(rule, edit) is { } acceptance) return new(kind, rule, vpc, null, null, refusal, edit) { Before = acceptance };
        var told = edit?.Told(refusal) ?? refusal;
        var decision = new RuleDecision<TRule>(kind, rule, vpc, null, null, told);
        return new(kind, rule, vpc, null, null, refusal) { After = decision.Describe(rule.Metadata, told, programmed: false) };
    }

    private static Change<TRule>? Acceptance(TRule rule, RuleEdit? edit) =>
        edit is { Refusal: null } && rule is IRetainsSpec retains ? new(rule, (TRule)retains.Accepting()) : null;

    /// <summary>The decision on a rule that can not be served for a moment, which is not worth a write.</summary>
    /// <param name="vpc">The VPC that the rule leads to.</param>
    public static RuleDecision<TRule> Wait(RuleKind<TRule> kind, TRule rule, string? vpc, Refusal refusal) => new(kind, rule, vpc, null, null, refusal);

    /// <summary>The decision on a rule that is being deleted: it goes when its rows are gone.</summary>
    public static RuleDecision<TRule> Release(RuleKind<TRule> kind, TRule rule) => new(kind, rule, null, null, null, null)
    {
        After = rule.Metadata.IsHeld() ? new(rule, kind.WithMetadata(rule, rule.Metadata.WithoutFinalizer())) : null,
    };

    /// <summary>What is to be stored when something of a rule that is served is not in the database.</summary>
    public Change<TRule>? AfterWith(Obstacles obstacles)
    {
        if (Translation is null || Before is not null) return After;

        var ownRows = Rows.Select(row => obstacles.OfRow(row.Id.Name)).FirstOrDefault(refusal => refusal is not null);
        var refusal = ownRows ?? OfPorts(obstacles);
        return refusal is null ? After : Describe(Metadata(_kind, _rule, Translation), refusal, programmed: ownRows is null);
    }

    /// <summary>
    /// What is to be stored when people are told how far the data plane is: in most cases one write, since nothing is stored while chassis
    /// catch up, which takes them milliseconds.
    /// </summary>
    /// <param name="awaited">Where rules are added that chassis have yet to catch up with.</param>
    public Change<TRule>? AfterWith(Obstacles obstacles, IDataPlane dataPlane, ICollection<AwaitedRule> awaited)
    {
        if (Translation is null || Before is not null) return After;

        var isObstructed = !obstacles.None
            && (Rows.Any(row => obstacles.OfRow(row.Id.Name) is not null) || OfPorts(obstacles) is not null);
        if (isObstructed) return AfterWith(obstacles);
        if (_isRealized && !dataPlane.IsPending(Rows)) return StillRealized();

        var realization = Realization.Of(Translation, Placement, _vpc!, dataPlane.SequenceOf(Rows), dataPlane);
        if (!realization.IsReached)
        {
            awaited.Add(new(Rows, realization.Sequence, realization.Behind));
            if (!dataPlane.IsOverdue(Rows)) return null;
        }
        return Describe(Metadata(_kind, _rule, Translation), null, programmed: true, realization.ToCondition(_rule.Metadata.Generation));
    }

    /// <summary>Why packets can not get in or out of the router; null when they can.</summary>
    private Refusal? OfPorts(Obstacles obstacles) =>
        obstacles.OfPort(_vpc!, Translation!.ExternalSubnet) ?? (Translation.InnerSubnet is { } inner ? obstacles.OfPort(_vpc!, inner) : null);

    /// <summary>What is to be stored of a rule whose rows are the ones that were realized. Asked for in every plan, so it is worked out once.</summary>
    private Change<TRule>? StillRealized()
    {
        if (!_isStillKnown)
        {
            _still = Describe(Metadata(_kind, _rule, Translation!), null, programmed: true, Realization.Still(_rule.Metadata.Generation));
            _isStillKnown = true;
        }
        return _still;
    }

    /// <summary>The metadata of a rule that is served.</summary>
    public static ObjectMeta Metadata(RuleKind<TRule> kind, TRule rule, Translation translation)
    {
        var metadata = rule.Metadata
            .WithFinalizer()
            .WithLabel(Names.Labels.EipV4Ip, translation.V4Eip ?? "")
            .WithLabel(Names.Labels.EipV6Ip, Names.Labels.EncodeV6(translation.V6Eip))
            .WithAnnotation(Names.Annotations.VpcEip, translation.Eip);
        foreach (var (key, value) in kind.Labels(translation)) metadata = metadata.WithLabel(key, value);
        return metadata;
    }

    private Change<TRule>? Describe(ObjectMeta metadata, Refusal? refusal, bool programmed, Condition? realized = null)
    {
        if (refusal is null && _edit is { Refusal: not null }) refusal = _edit.Told(null);
        var state = new RuleState(
            refusal is null,
            _vpc,
            Translation,
            Placement is { Distributed: true } ? Translation?.PodMac : null,
            RuleConditions.Of(refusal, programmed, Placement, realized, _rule.Metadata.Generation));
        var desired = _kind.WithStatus(ReferenceEquals(metadata, _rule.Metadata) ? _rule : _kind.WithMetadata(_rule, metadata), state);
        return desired.Equals(_rule) ? null : new(_rule, desired);
    }
}
