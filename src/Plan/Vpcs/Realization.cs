using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>Whether the chassis that must know of a rule before packets get through do.</summary>
/// <param name="Sequence">The <c>nb_cfg</c> that they have to come to.</param>
/// <param name="Behind">Chassis that have not come that far.</param>
/// <param name="Nowhere">What is not on any chassis; null when everything is on one.</param>
internal sealed record Realization(long Sequence, ImmutableArray<string> Behind, string? Nowhere)
{
    private const string RealizedReason = "Realized";
    private const string WaitingForChassis = "WaitingForChassis";

    public bool IsReached => Behind.IsEmpty && Nowhere is null;

    /// <summary>
    /// A FIP that is translated on the node of its pod needs that node alone. Everything else is translated on the gateway node that is
    /// active; the node of a pod that it leads to sends the replies back there.
    /// </summary>
    public static Realization Of(Translation translation, Placement? placement, string vpc, long sequence, IDataPlane dataPlane)
    {
        var chassis = new List<string>(2);
        string? nowhere = null;
        if (placement is not { Distributed: true })
        {
            var port = Names.RouterPort(vpc, translation.ExternalSubnet);
            if (dataPlane.ActiveChassis(port) is { } gateway) chassis.Add(gateway);
            else nowhere = $"router port \"{port}\"";
        }
        if (translation.PodPort is { } pod)
        {
            if (dataPlane.ChassisOf(pod) is { } home) chassis.Add(home);
            else nowhere ??= $"the pod of IP \"{pod}\"";
        }
        var behind = chassis.Distinct(StringComparer.Ordinal).Where(name => !(dataPlane.ReachedBy(name) >= sequence)).Order(StringComparer.Ordinal);
        return new(sequence, [.. behind], nowhere);
    }

    public Condition ToCondition(long generation) => new()
    {
        Type = ConditionTypes.Realized,
        Status = IsReached ? ConditionStatus.True : ConditionStatus.False,
        Reason = IsReached ? RealizedReason : WaitingForChassis,
        Message = IsReached ? null : Nowhere is null ? $"waiting for chassis {string.Join(", ", Behind)}" : $"no chassis carries {Nowhere}",
        ObservedGeneration = generation,
    };

    /// <summary>The condition of a rule of which nothing has changed since it was realized.</summary>
    public static Condition Still(long generation) => new Realization(0, [], null).ToCondition(generation);
}

/// <summary>A rule whose rows are committed and not on all of their chassis yet.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Sequence">The <c>nb_cfg</c> that <paramref name="Behind"/> have to come to.</param>
/// <param name="Behind">Chassis that have not come that far; more may follow when what is nowhere yet is somewhere.</param>
public sealed record AwaitedRule(ImmutableArray<DesiredRow> Rows, long Sequence, ImmutableArray<string> Behind);
