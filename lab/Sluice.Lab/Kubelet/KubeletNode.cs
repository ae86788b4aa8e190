using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Lab.Kubelet;

/// <summary>One of the nodes that the kubelet stands in for.</summary>
internal sealed class KubeletNode(string name, IReadOnlyList<string> addresses, SandboxRuntime sandboxes)
{
    /// <summary>Nodes that carry it may become gateways of VPCs; all of a lab's do until somebody takes it away.</summary>
    public const string GatewayLabel = "ovn.kubernetes.io/external-gw";

    public IReadOnlyList<string> Addresses => addresses;

    public SandboxRuntime Sandboxes => sandboxes;

    /// <summary>Creates the Node, unless it exists, and reports it ready.</summary>
    public async Task RegisterAsync(KubeClient client, TimeProvider time, CancellationToken cancellation)
    {
        if (await client.FindAsync(CoreResources.Nodes, null, name, cancellation) is null)
            await client.CreateAsync(CoreResources.Nodes, New(), cancellation);
        await client.PatchAsync(CoreResources.Nodes, null, name, Patch.Merge(new JsonObject { ["status"] = Status(time.GetUtcNow()) }), "status", cancellation);
    }

    private Node New() => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            Labels = new Dictionary<string, string>
            {
                ["kubernetes.io/hostname"] = name,
                ["kubernetes.io/os"] = "linux",
                [GatewayLabel] = "true",
            },
        },
    };

    private JsonObject Status(DateTimeOffset now)
    {
        var time = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["addresses"] = new JsonArray(
            [
                .. addresses.Select(address => new JsonObject { ["type"] = "InternalIP", ["address"] = address }),
                new JsonObject { ["type"] = "Hostname", ["address"] = name },
            ]),
            ["capacity"] = new JsonObject { ["pods"] = "250" },
            ["allocatable"] = new JsonObject { ["pods"] = "250" },
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = "True",
                ["reason"] = "KubeletReady",
                ["message"] = "the lab's stand-in for a kubelet is posting ready status",
                ["lastHeartbeatTime"] = time,
                ["lastTransitionTime"] = time,
            }),
            ["nodeInfo"] = new JsonObject
            {
                ["kubeletVersion"] = "sluice-lab",
                ["operatingSystem"] = "linux",
                ["architecture"] = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            },
        };
    }
}
