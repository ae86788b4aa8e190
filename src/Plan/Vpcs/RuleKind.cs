using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>What FIP, SNAT and DNAT rules do not have in common.</summary>
internal abstract class RuleKind<TRule>(string kind)
    where TRule : KubeObject
{
    /// <summary>Name of the kind.</summary>
    public string Kind { get; } = kind;

    /// <summary>The VPC that the rule's status tells of.</summary>
    public abstract string? LastVpc(TRule rule);

    /// <summary>The conditions that the rule has.</summary>
    public abstract ValueList<Condition>? Conditions(TRule rule);

    /// <summary>What the rule means by itself. Depends on nothing but the arguments.</summary>
    public abstract RuleResolution Resolve(in RuleInput<TRule> input, VpcSettings settings);

    /// <summary>Why the rule can not be served although it is connected and has won its claims; null when it can.</summary>
    public virtual Refusal? Check(Translation translation, RuleContext context) => null;

    /// <summary>Where a FIP is translated; null for other kinds.</summary>
    public virtual Placement? Place(TRule rule, Translation translation, Sharing sharing, RuleContext context) => null;

    /// <summary>The rows of a rule that is served.</summary>
    public abstract ImmutableArray<DesiredRow> Rows(TRule rule, Translation translation, Placement? placement, RuleContext context);

    /// <summary>The rule with a status.</summary>
    public abstract TRule WithStatus(TRule rule, RuleState state);

    /// <summary>The rule with other metadata.</summary>
    public abstract TRule WithMetadata(TRule rule, ObjectMeta metadata);

    /// <summary>Labels of the kind beside those that all rules have.</summary>
    public virtual IEnumerable<(string Key, string Value)> Labels(Translation translation) => [];
}

/// <summary>What the status of a rule tells.</summary>
/// <param name="Vpc">The VPC that the rule belongs to, or belonged to when it last belonged to any.</param>
/// <param name="Translation">What is translated; null unless the rule is served.</param>
/// <param name="Mac">FIP only: the MAC address that answers for the OvnEip.</param>
internal sealed record RuleState(bool Ready, string? Vpc, Translation? Translation, string? Mac, ValueList<Condition> Conditions);
