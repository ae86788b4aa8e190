using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Reconcilers;

/// <summary>Tells pods, and who looks at them, about their network.</summary>
public sealed class PodWriter(Cluster cluster, ObjectWriter objects, EventRecorder events)
{
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyCollection<AddressRefusal>> _told = [];

    /// <summary>Says in an Event of the pod why it has no network.</summary>
    public Outcome.Blocked Blocked(Pod pod, AddressRefusal refusal)
    {
        events.Warning(cluster.Pods.Type, pod, refusal.Reason, refusal.Message);
        return new(refusal.Reason, refusal.Message);
    }

    /// <summary>Says in Events of the pod what it asks for and does not have, although it has a network: once for each reason.</summary>
    /// <param name="refusals">All there are now.</param>
    public void Warn(Pod pod, ImmutableArray<AddressRefusal> refusals)
    {
        var told = _told.GetValueOrDefault(pod.Key);
        foreach (var refusal in refusals.Where(refusal => told?.Contains(refusal) != true))
            events.Warning(cluster.Pods.Type, pod, refusal.Reason, refusal.Message);
        if (refusals.IsEmpty)
            _told.TryRemove(pod.Key, out _);
        else
            _told[pod.Key] = refusals;
    }

    /// <summary>The pod is gone.</summary>
    /// <param name="key">Of its port.</param>
    public void Forget(OwnerKey key) => _told.TryRemove(ObjectKey.Parse(key.Name), out _);

    public Task AnnotateAsync(Pod pod, IEnumerable<KeyValuePair<string, string?>> annotations, CancellationToken cancellation) =>
        objects.PatchMetadataAsync(cluster.Pods, pod, [], annotations, cancellation);
}
