using System.Text.Json.Serialization;
using Sluice.Api.Schema;
using Sluice.Kube;

namespace Sluice.Api;

/// <summary>An object of group <c>kubeovn.io</c> that has a spec.</summary>
public abstract record CustomResource<TSpec> : KubeObject
    where TSpec : class, new()
{
    private static readonly TSpec Empty = new();

    /// <summary>
    /// The spec in force: the one that was last accepted, or the written one while none was. Whatever depends on the object reads this one.
    /// Setting it sets the written one. An absent spec reads as an empty one and is still absent when written.
    /// </summary>
    [JsonIgnore]
    public TSpec Spec { get => AcceptedSpec ?? WrittenSpec; init => StoredSpec = value; }

    /// <summary>What the user wrote last. Only who decides whether to accept it reads it.</summary>
    [JsonIgnore]
    public TSpec WrittenSpec => StoredSpec ?? Empty;

    [JsonInclude, JsonPropertyName("spec")]
    internal TSpec? StoredSpec { get; init; }

    private protected virtual TSpec? AcceptedSpec => null;

    /// <summary>The object with the written spec in force.</summary>
    public virtual CustomResource<TSpec> AsWritten() => this;
}

/// <summary>An object of group <c>kubeovn.io</c> that has a spec and a status.</summary>
public abstract record CustomResource<TSpec, TStatus> : CustomResource<TSpec>, IHasStatus, IRetainsSpec
    where TSpec : class, new()
    where TStatus : ResourceStatus<TSpec>
{
    /// <summary>What the controller observed; null until it first looked at the object.</summary>
    [JsonPropertyOrder(1)]
    public TStatus? Status { get; init; }

    ResourceStatus? IHasStatus.Status => Status;

    private protected override TSpec? AcceptedSpec => Status?.Accepted;

    [JsonIgnore]
    public bool HasAccepted => Status?.Accepted is not null;

    [JsonIgnore]
    public bool IsEdited => Status?.Accepted is { } accepted && !accepted.Equals(WrittenSpec);

    KubeObject IRetainsSpec.Written() => AsWritten();

    KubeObject IRetainsSpec.Accepting() => this with
    {
        Status = (TStatus)((Status ?? throw new InvalidOperationException("There is no status")) with { Accepted = WrittenSpec }),
    };

    public override CustomResource<TSpec, TStatus> AsWritten() =>
        Status?.Accepted is null ? this : this with { Status = (TStatus)(Status with { Accepted = null }) };

    KubeObject IHasStatus.WithStatus(ResourceStatus? status) => this with { Status = (TStatus?)status };
}

/// <summary>What all statuses have in common.</summary>
public abstract record ResourceStatus
{
    /// <summary>The observed state in standard form: one entry per aspect, such as Ready.</summary>
    [JsonPropertyOrder(1)]
    public ValueList<Condition>? Conditions { get; init; }
}

/// <summary>The status of a kind whose last valid spec stays in force, see docs/design/0012.</summary>
public abstract record ResourceStatus<TSpec> : ResourceStatus
    where TSpec : class
{
    /// <summary>
    /// The spec that was last accepted. It stays in force while the written one is not valid, or would take away what is in use. Absent
    /// until the first one is accepted.
    /// </summary>
    [JsonPropertyOrder(2), PreserveUnknownFields]
    public TSpec? Accepted { get; init; }
}
