using System.Text.Json.Nodes;
using Sluice.Agent.Reconcile;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan;

namespace Sluice.Agent.Nodes;

/// <summary>Writes into the IP object of a pod's port that the pod is plugged in on this node. No pod waits for that.</summary>
internal sealed class IpNodeReconciler(KubeClient client, string nodeName) : IReconciler
{
    public const string KeyKind = "Ip";

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        var label = Names.LabelOf(nodeName);
        var ip = await client.FindAsync(SluiceResources.Ips, ns: null, name, ct);
        if (ip is null || (ip.Spec.NodeName == nodeName && ip.Metadata.Label(Names.Labels.NodeName) == label))
            return Outcome.Done;
        var patch = Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [Names.Labels.NodeName] = label } },
            ["spec"] = new JsonObject { ["nodeName"] = nodeName },
        });
        await client.PatchAsync(SluiceResources.Ips, ns: null, name, patch, cancellationToken: ct);
        return Outcome.Done;
    }
}
