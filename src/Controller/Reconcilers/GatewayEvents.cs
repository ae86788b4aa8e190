using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Reconcilers;

/// <summary>Tells, in Events of the ConfigMap of the external gateway, what is wrong with it; the default Vpc says so in its status.</summary>
public sealed class GatewayEvents(Cluster cluster, EventRecorder events)
{
    /// <summary>Tells of problems when the Vpc is about to: so a problem is told once, and not again after a restart.</summary>
    /// <param name="change">What is to be stored of the Vpc; null when it says what it should.</param>
    public void Tell(Change<Vpc>? change, ImmutableArray<Refusal> problems)
    {
        if (change is not { } vpc || cluster.ConfigMaps.Snapshot.All.FirstOrDefault() is not { } map) return;
        var (before, after) = (vpc.Observed.Status?.Conditions.Find(ConditionTypes.Ready), vpc.Desired.Status?.Conditions.Find(ConditionTypes.Ready));
        if (before?.Message == after?.Message) return;
        foreach (var problem in problems) events.Warning(cluster.ConfigMaps.Type, map, problem.Reason, problem.Message);
    }
}
