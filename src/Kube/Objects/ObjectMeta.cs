using System.Text.Json.Serialization;

namespace Sluice.Kube;

/// <summary>
/// ObjectMeta of the Kubernetes API (meta/v1). <c>managedFields</c> and <c>selfLink</c> are dropped on reading: the
/// server keeps the former when a write does not carry them.
/// </summary>
public sealed record ObjectMeta
{
    public static ObjectMeta Empty { get; } = new();

    /// <summary>Empty only before the server has made a name out of <see cref="GenerateName"/>.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    /// <summary>Opaque version of the stored object; see <see cref="ResourceVersion"/> for comparing two of them.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the desired state (spec); zero when the kind does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Generation { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set once deletion was asked for; the object goes away when its last finalizer is removed.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    public long? DeletionGracePeriodSeconds { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }

    [JsonIgnore]
    public bool IsDeleting => DeletionTimestamp is not null;

    /// <summary>Value of a label, or null.</summary>
    public string? Label(string name) => Labels is not null && Labels.TryGetValue(name, out var value) ? value : null;

    /// <summary>Value of an annotation, or null.</summary>
    public string? Annotation(string name) => Annotations is not null && Annotations.TryGetValue(name, out var value) ? value : null;

    public bool HasFinalizer(string finalizer) => Finalizers is not null && Finalizers.Contains(finalizer, StringComparer.Ordinal);
}
