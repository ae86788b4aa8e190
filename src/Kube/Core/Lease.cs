using System.Text.Json.Serialization;

namespace Sluice.Kube.Core;

/// <summary>Lease (coordination.k8s.io/v1).</summary>
public sealed record Lease : KubeObject
{
    public LeaseSpec Spec { get; init => field = value ?? LeaseSpec.Empty; } = LeaseSpec.Empty;
}

/// <summary>LeaseSpec (coordination.k8s.io/v1).</summary>
public sealed record LeaseSpec
{
    internal static LeaseSpec Empty { get; } = new();

    /// <summary>Who holds the lease; null or empty when it was released.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long others wait after the last renewal they observed before they take the lease.</summary>
    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often the lease has changed hands.</summary>
    public int? LeaseTransitions { get; init; }
}
