using System.Text.Json.Serialization;

namespace Sluice.Kube.Core;

/// <summary>Node (v1), the fields that networking looks at. Change one by patch only: a PUT of this record would drop what it does not model.</summary>
public sealed record Node : KubeObject
{
    public NodeSpec Spec { get; init => field = value ?? NodeSpec.Empty; } = NodeSpec.Empty;

    public NodeStatus Status { get; init => field = value ?? NodeStatus.Empty; } = NodeStatus.Empty;

    /// <summary>True when the node's kubelet reports that it can run pods.</summary>
    [JsonIgnore]
    public bool IsReady => Status.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) ?? false;

    /// <summary>Addresses of one type (<c>InternalIP</c>, <c>ExternalIP</c>, <c>Hostname</c>), in the node's order.</summary>
    public IEnumerable<string> Addresses(string type) =>
        from address in Status.Addresses ?? []
        where string.Equals(address.Type, type, StringComparison.Ordinal)
        select address.Address;
}

/// <summary>NodeSpec (v1), trimmed.</summary>
public sealed record NodeSpec
{
    internal static NodeSpec Empty { get; } = new();

    [JsonPropertyName("podCIDR")]
    public string? PodCidr { get; init; }

    [JsonPropertyName("podCIDRs")]
    public IReadOnlyList<string>? PodCidrs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unschedulable { get; init; }
}

/// <summary>NodeStatus (v1), trimmed.</summary>
public sealed record NodeStatus
{
    internal static NodeStatus Empty { get; } = new();

    public IReadOnlyList<NodeAddress>? Addresses { get; init; }

    public IReadOnlyList<CoreCondition>? Conditions { get; init; }
}

/// <summary>NodeAddress (v1).</summary>
public sealed record NodeAddress
{
    public string Type { get; init => field = value ?? ""; } = "";

    public string Address { get; init => field = value ?? ""; } = "";
}
