using System.Text.Json;
using Sluice.Kube;

namespace Sluice.Lab.Kubelet;

/// <summary>The network namespace of one pod, as a container runtime remembers it.</summary>
public sealed record Sandbox
{
    public required string Uid { get; init; }

    public required string PodNamespace { get; init; }

    public required string PodName { get; init; }

    public required string Node { get; init; }

    /// <summary>64 hexadecimal digits, what CNI knows the sandbox by.</summary>
    public required string ContainerId { get; init; }

    public required string NetworkNamespace { get; init; }

    /// <summary>What the CNI plugin answered to ADD; null while the sandbox is being made.</summary>
    public JsonElement? Result { get; init; }

    internal ObjectKey Pod => new(PodNamespace, PodName);

    /// <summary>The pod's addresses without their prefix length, in the order the plugin gave them.</summary>
    public IReadOnlyList<string> Addresses => Result is not { } result || !result.TryGetProperty("ips", out var ips)
        ? []
        : [.. ips.EnumerateArray().Select(ip => ip.GetProperty("address").GetString()!.Split('/')[0])];
}
