using System.Text.Json.Serialization;
using Sluice.Kube;

namespace Sluice.Api;

/// <summary>An object of group <c>kubeovn.io</c> that has a spec.</summary>
public abstract record CustomResource<TSpec> : KubeObject
    where TSpec : class, new()
{
    private static readonly TSpec Empty = new();

    /// <summary>What the user wants. An absent spec reads as an empty one and is still absent when written.</summary>
    [JsonIgnore]
    public TSpec Spec { get => StoredSpec ?? Empty; init => StoredSpec = value; }

    [JsonInclude, JsonPropertyName("spec")]
    internal TSpec? StoredSpec { get; init; }
}

/// <summary>An object of group <c>kubeovn.io</c> that has a spec and a status.</summary>
public abstract record CustomResource<TSpec, TStatus> : CustomResource<TSpec>, IHasStatus
    where TSpec : class, new()
    where TStatus : ResourceStatus
{
    /// <summary>What the controller observed; null until it first looked at the object.</summary>
    [JsonPropertyOrder(1)]
    public TStatus? Status { get; init; }

    ResourceStatus? IHasStatus.Status => Status;

    KubeObject IHasStatus.WithStatus(ResourceStatus? status) => this with { Status = (TStatus?)status };
}

/// <summary>What all statuses have in common.</summary>
public abstract record ResourceStatus
{
    /// <summary>The observed state in standard form: one entry per aspect, such as Ready.</summary>
    [JsonPropertyOrder(1)]
    public ValueList<Condition>? Conditions { get; init; }
}
