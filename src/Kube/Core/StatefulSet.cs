using System.Text.Json.Serialization;

namespace Sluice.Kube.Core;

/// <summary>StatefulSet (apps/v1), trimmed to how many pods it wants. Change one by patch only: a PUT of this record would drop what it does not model.</summary>
public sealed record StatefulSet : KubeObject
{
    public StatefulSetSpec Spec { get => field ?? StatefulSetSpec.Empty; init; } = StatefulSetSpec.Empty;

    /// <summary>How many pods there should be.</summary>
    [JsonIgnore]
    public int WantedReplicas => Spec.Replicas ?? 1;

    /// <summary>The number of the first pod.</summary>
    [JsonIgnore]
    public int FirstOrdinal => Spec.Ordinals?.Start ?? 0;
}

/// <summary>StatefulSetSpec (apps/v1), trimmed.</summary>
public sealed record StatefulSetSpec
{
    internal static StatefulSetSpec Empty { get; } = new();

    public int? Replicas { get; init; }

    public StatefulSetOrdinals? Ordinals { get; init; }
}

/// <summary>StatefulSetOrdinals (apps/v1).</summary>
public sealed record StatefulSetOrdinals
{
    public int? Start { get; init; }
}
