using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Attachments;

/// <summary>Waits until the controller has decided about a pod. Nothing is polled: the informer's changes drive it.</summary>
internal sealed class PodWaiter(Informer<Pod> pods)
{
    /// <param name="uid">Which pod of that name; empty when the runtime does not tell.</param>
    /// <exception cref="OperationCanceledException">Cancelled first.</exception>
    public async Task<Pod> WaitAsync(ObjectKey key, string uid, CancellationToken ct)
    {
        var found = new TaskCompletionSource<Pod>(TaskCreationOptions.RunContinuationsAsynchronously);
        pods.Changed += Look;
        try
        {
            Look(old: null, pods.Snapshot.Find(key));
            return await found.Task.WaitAsync(ct);
        }
        finally
        {
            pods.Changed -= Look;
        }

        void Look(Pod? old, Pod? pod)
        {
            if (pod is not null && pod.Key == key && IsMeant(pod, uid) && PodNetworkPlan.IsAllocated(pod))
                found.TrySetResult(pod);
        }
    }

    /// <summary>What the pod lacks, for a message.</summary>
    public string Explain(ObjectKey key, string uid) => pods.Snapshot.Find(key) switch
    {
        null => $"there is no pod {key} on this node",
        { } pod when !IsMeant(pod, uid) => $"pod {key} is not the one with uid {uid}",
        { } pod when !PodNetworkPlan.IsAllocated(pod) => $"the controller has not given pod {key} an address yet",
        _ => $"pod {key} is ready",
    };

    /// <summary>
    /// One that is being deleted is not the one a container is started for. The runtime knows a static pod by the hash of its file,
    /// the API server's copy of it has a UID of its own.
    /// </summary>
    private static bool IsMeant(Pod pod, string uid) => uid.Length > 0
        ? pod.Metadata.Uid == uid || pod.Metadata.Annotation("kubernetes.io/config.hash") == uid
        : !pod.Metadata.IsDeleting;
}
