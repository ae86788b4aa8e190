using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan;

/// <summary>Metadata with changes that leave everything else, above all what others put there, as it is. No change gives the same instance.</summary>
public static class MetadataChanges
{
    /// <summary>With our finalizer, and without the one that early versions used.</summary>
    public static ObjectMeta WithFinalizer(this ObjectMeta metadata) =>
        metadata.HasFinalizer(Names.Finalizer) && !metadata.HasFinalizer(Names.LegacyFinalizer)
            ? metadata
            : metadata with { Finalizers = [.. metadata.OthersFinalizers(), Names.Finalizer] };

    /// <summary>Without our finalizer, and without the one that early versions used.</summary>
    public static ObjectMeta WithoutFinalizer(this ObjectMeta metadata) =>
        metadata.HasFinalizer(Names.Finalizer) || metadata.HasFinalizer(Names.LegacyFinalizer)
            ? metadata with { Finalizers = [.. metadata.OthersFinalizers()] }
            : metadata;

    /// <summary>Whether our finalizer, in its present or former form, holds the object.</summary>
    public static bool IsHeld(this ObjectMeta metadata) => metadata.HasFinalizer(Names.Finalizer) || metadata.HasFinalizer(Names.LegacyFinalizer);

    public static ObjectMeta WithLabel(this ObjectMeta metadata, string key, string value) =>
        metadata.Label(key) == value ? metadata : metadata with { Labels = With(metadata.Labels, key, value) };

    /// <param name="value">Null for none.</param>
    public static ObjectMeta WithAnnotation(this ObjectMeta metadata, string key, string? value)
    {
        if (metadata.Annotation(key) == value) return metadata;
        return value is not null
            ? metadata with { Annotations = With(metadata.Annotations, key, value) }
            : metadata with { Annotations = Without(metadata.Annotations!, key) };
    }

    private static IEnumerable<string> OthersFinalizers(this ObjectMeta metadata) =>
        (metadata.Finalizers ?? []).Where(finalizer => finalizer is not (Names.Finalizer or Names.LegacyFinalizer));

    private static Dictionary<string, string>? Without(IReadOnlyDictionary<string, string> entries, string key) =>
        entries.Count == 1 ? null : entries.Where(entry => entry.Key != key).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? entries, string key, string value) =>
        new(entries ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [key] = value };
}
