using System.Text.Json.Serialization;

namespace Sluice.Kube;

/// <summary>
/// What every Kubernetes object has. Kinds derive from it as sealed records and bring a source-generated
/// <see cref="System.Text.Json.Serialization.Metadata.JsonTypeInfo"/> through their <see cref="ResourceType{T}"/>.
/// </summary>
/// <remarks>
/// The source generator assigns every <c>init</c> property, absent ones as <c>default</c>, so a property initializer alone
/// does not survive deserialization. A property that must not be null also says so where it is assigned:
/// <c>init =&gt; field = value ?? Empty;</c>.
/// </remarks>
public abstract record KubeObject
{
    /// <summary><c>group/version</c>, or <c>version</c> in the core group. The client fills it in when it is absent.</summary>
    [JsonPropertyOrder(-3)]
    public string? ApiVersion { get; init; }

    [JsonPropertyOrder(-2)]
    public string? Kind { get; init; }

    [JsonPropertyOrder(-1)]
    public ObjectMeta Metadata { get; init => field = value ?? ObjectMeta.Empty; } = ObjectMeta.Empty;

    /// <summary>Namespace and name: what identifies the object among those of its kind.</summary>
    [JsonIgnore]
    public ObjectKey Key => new(Metadata.Namespace, Metadata.Name);
}
