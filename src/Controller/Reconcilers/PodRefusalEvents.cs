using System.Collections.Immutable;
using Sluice.Kube;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Reconcilers;

/// <summary>Tells, in Events of pods, why they do not have the public addresses that they ask for by annotation: once for each reason.</summary>
public sealed class PodRefusalEvents(Cluster cluster, EventRecorder events)
{
    private ImmutableHashSet<PodRefusal> _told = [];

    /// <param name="refusals">All there are now. Called by one worker at a time.</param>
    public void Tell(ImmutableArray<PodRefusal> refusals)
    {
        foreach (var refusal in refusals.Where(refusal => !_told.Contains(refusal)))
        {
            if (cluster.Pods.Snapshot.Find(ObjectKey.Parse(refusal.Pod)) is { } pod)
                events.Warning(cluster.Pods.Type, pod, refusal.Refusal.Reason, refusal.Refusal.Message);
        }
        _told = [.. refusals];
    }
}
