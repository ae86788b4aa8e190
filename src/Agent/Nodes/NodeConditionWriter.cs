using System.Text.Json.Nodes;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Nodes;

/// <summary>Writes the one condition of the agent's Node that is the network plugin's; the others are the kubelet's.</summary>
internal sealed class NodeConditionWriter(KubeClient client, Informer<Node> nodes, string nodeName, TimeProvider time)
{
    private const string Type = "NetworkUnavailable";

    /// <summary>Nothing is written when the condition says so already.</summary>
    public async Task SetNetworkUnavailableAsync(bool unavailable, string reason, string message, CancellationToken ct)
    {
        var status = unavailable ? "True" : "False";
        var current = nodes.Snapshot.Find(nodeName)?.Status.Conditions?.FirstOrDefault(condition => condition.Type == Type);
        if (current?.Status == status && current.Reason == reason && current.Message == message)
            return;

        // Server-side apply leaves the other members of the list to their owners.
        var now = TimeConverter.Format(time.GetUtcNow());
        var condition = new JsonObject
        {
            ["type"] = Type,
            ["status"] = status,
            ["reason"] = reason,
            ["message"] = message,
            ["lastHeartbeatTime"] = now,
            ["lastTransitionTime"] = now,
        };
        var patch = Patch.Apply(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Node",
                ["metadata"] = new JsonObject { ["name"] = nodeName },
                ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) },
            },
            "sluice-agent",
            force: true);
        nodes.Observe(await client.PatchAsync(CoreResources.Nodes, ns: null, nodeName, patch, "status", ct));
    }
}
