using System.Text.Json.Nodes;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Lab.Kubelet;

/// <summary>Makes what exists for one pod what the API server says about it.</summary>
internal sealed class PodWorker(
    KubeClient client, Informer<Pod> pods, SandboxStore store, IReadOnlyDictionary<string, KubeletNode> nodes, TimeProvider time)
{
    public async Task ReconcileAsync(ObjectKey key, CancellationToken cancellation)
    {
        var pod = pods.Snapshot.Find(key);
        var uid = pod is null || pod.IsCompleted || pod.Metadata.IsDeleting ? null : pod.Metadata.Uid;
        foreach (var stale in store.Of(key).Where(sandbox => sandbox.Uid != uid || sandbox.Result is null))
            await nodes[stale.Node].Sandboxes.RemoveAsync(stale, cancellation);

        if (pod?.Spec.NodeName is not { } nodeName || !nodes.TryGetValue(nodeName, out var node))
            return;
        if (pod.Metadata.IsDeleting)
            await client.DeleteAsync(CoreResources.Pods, key.Namespace, key.Name, new DeleteOptions { Uid = pod.Metadata.Uid, GracePeriodSeconds = 0 }, cancellation);
        else if (!pod.IsCompleted)
            await RunAsync(pod, node, cancellation);
    }

    private async Task RunAsync(Pod pod, KubeletNode node, CancellationToken cancellation)
    {
        if (pod.Spec.HostNetwork)
        {
            await ReportAsync(pod, node, node.Addresses, cancellation);
            return;
        }
        var sandbox = store.Of(pod.Key).SingleOrDefault() ?? await node.Sandboxes.CreateAsync(pod, cancellation);
        await ReportAsync(pod, node, sandbox.Addresses, cancellation);
    }

    private async Task ReportAsync(Pod pod, KubeletNode node, IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        if (pod.Status.Phase == "Running" && addresses.SequenceEqual((pod.Status.PodIps ?? []).Select(ip => ip.Ip)))
            return;
        var patch = Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
            ["status"] = PodStatusJson.Running(pod, node.Addresses[0], addresses, time.GetUtcNow()),
        });
        pods.Observe(await client.PatchAsync(CoreResources.Pods, pod.Metadata.Namespace, pod.Metadata.Name, patch, "status", cancellation));
    }
}
