using System.Text.Json.Serialization;

namespace Sluice.Kube.Core;

/// <summary>
/// Pod (v1), the fields that networking looks at. Change one by patch only: a PUT of this record would drop what it does not model.
/// </summary>
public sealed record Pod : KubeObject
{
    public PodSpec Spec { get; init => field = value ?? PodSpec.Empty; } = PodSpec.Empty;

    public PodStatus Status { get; init => field = value ?? PodStatus.Empty; } = PodStatus.Empty;

    /// <summary>True when all containers have ended for good, so that the pod's addresses are free again.</summary>
    [JsonIgnore]
    public bool IsCompleted => Status.Phase is "Succeeded" or "Failed";
}

/// <summary>PodSpec (v1), trimmed.</summary>
public sealed record PodSpec
{
    internal static PodSpec Empty { get; } = new();

    /// <summary>Null until the pod is scheduled.</summary>
    public string? NodeName { get; init; }

    /// <summary>True when the pod shares its node's network and needs no port of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HostNetwork { get; init; }

    public string? RestartPolicy { get; init; }

    public string? ServiceAccountName { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public IReadOnlyList<Container>? Containers { get; init; }
}

/// <summary>Container (v1), trimmed.</summary>
public sealed record Container
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string? Image { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<ContainerPort>? Ports { get; init; }
}

/// <summary>ContainerPort (v1), trimmed.</summary>
public sealed record ContainerPort
{
    public string? Name { get; init; }

    [JsonPropertyName("containerPort")]
    public int Port { get; init; }

    public string? Protocol { get; init; }
}

/// <summary>PodStatus (v1), trimmed.</summary>
public sealed record PodStatus
{
    internal static PodStatus Empty { get; } = new();

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    [JsonPropertyName("hostIP")]
    public string? HostIp { get; init; }

    [JsonPropertyName("podIP")]
    public string? PodIp { get; init; }

    [JsonPropertyName("podIPs")]
    public IReadOnlyList<PodIp>? PodIps { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<CoreCondition>? Conditions { get; init; }
}

/// <summary>PodIP (v1).</summary>
public sealed record PodIp
{
    public string Ip { get; init => field = value ?? ""; } = "";
}
