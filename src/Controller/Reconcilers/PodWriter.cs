using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Reconcilers;

/// <summary>Tells pods, and who looks at them, about their network.</summary>
public sealed class PodWriter(Cluster cluster, ObjectWriter objects, EventRecorder events)
{
    /// <summary>Says in an Event of the pod why it has no network.</summary>
    public Outcome.Blocked Blocked(Pod pod, AddressRefusal refusal)
    {
        events.Warning(cluster.Pods.Type, pod, refusal.Reason, refusal.Message);
        return new(refusal.Reason, refusal.Message);
    }

    public Task AnnotateAsync(Pod pod, IEnumerable<KeyValuePair<string, string?>> annotations, CancellationToken cancellation) =>
        objects.PatchMetadataAsync(cluster.Pods, pod, [], annotations, cancellation);
}
