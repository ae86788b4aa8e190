using System.Globalization;
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
        var conditions = nodes.Snapshot.Find(nodeName)?.Status.Conditions ?? [];
        var index = conditions.ToList().FindIndex(condition => condition.Type == Type);
        if (index >= 0 && conditions[index].Status == status && conditions[index].Reason == reason && conditions[index].Message == message)
            return;

        var now = TimeConverter.Format(time.GetUtcNow());
        var value = new JsonObject
        {
            ["type"] = Type,
            ["status"] = status,
            ["reason"] = reason,
            ["message"] = message,
            ["lastHeartbeatTime"] = now,
            ["lastTransitionTime"] = now,
        };
        var patch = Patch.Json(Change(conditions.Count, index, value));
        nodes.Observe(await client.PatchAsync(CoreResources.Nodes, ns: null, nodeName, patch, "status", ct));
    }

    /// <summary>
    /// Touches one member of the list and nothing else, and is refused when the list is not as we know it. Server-side apply would
    /// be simpler, but fails for every node with two addresses of one type, as nodes of both families have.
    /// </summary>
    private static JsonPatch Change(int count, int index, JsonObject value)
    {
        const string List = "/status/conditions";
        if (index >= 0)
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"{List}/{index}");
            return new JsonPatch().Test($"{member}/type", Type).Replace(member, value);
        }
        return count > 0 ? new JsonPatch().Add($"{List}/-", value) : new JsonPatch().Add(List, new JsonArray(value));
    }
}
