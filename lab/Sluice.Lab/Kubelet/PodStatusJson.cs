using System.Text.Json.Nodes;
using Sluice.Kube.Core;

namespace Sluice.Lab.Kubelet;

/// <summary>The status of a pod all of whose containers run (PodStatus v1).</summary>
internal static class PodStatusJson
{
    private static readonly string[] Conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"];

    public static JsonObject Running(Pod pod, string hostAddress, IReadOnlyList<string> addresses, DateTimeOffset now)
    {
        var time = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["phase"] = "Running",
            ["startTime"] = time,
            ["hostIP"] = hostAddress,
            ["podIP"] = addresses.FirstOrDefault(),
            ["podIPs"] = new JsonArray([.. addresses.Select(address => new JsonObject { ["ip"] = address })]),
            ["conditions"] = new JsonArray([.. Conditions.Select(type => new JsonObject { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = time })]),
            ["containerStatuses"] = new JsonArray([.. (pod.Spec.Containers ?? []).Select(container => new JsonObject
            {
                ["name"] = container.Name,
                ["image"] = container.Image,
                ["imageID"] = "",
                ["ready"] = true,
                ["started"] = true,
                ["restartCount"] = 0,
                ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = time } },
            })]),
        };
    }
}
