using Sluice.Kube;
using Sluice.Plan;

namespace Sluice.Controller.Writers;

/// <summary>What a <see cref="Change{T}"/> does to an object's metadata.</summary>
public static class MetadataDifference
{
    /// <summary>Whether labels, annotations, finalizers or owner references differ.</summary>
    public static bool ChangesMetadata<T>(this Change<T> change)
        where T : KubeObject
    {
        var (before, after) = (change.Observed.Metadata, change.Desired.Metadata);
        return !ReferenceEquals(before, after)
            && !(SameMap(before.Labels, after.Labels)
                && SameMap(before.Annotations, after.Annotations)
                && (before.Finalizers ?? []).SequenceEqual(after.Finalizers ?? [], StringComparer.Ordinal)
                && (before.OwnerReferences ?? []).SequenceEqual(after.OwnerReferences ?? []));
    }

    /// <summary>The object as observed, with the metadata that is wanted.</summary>
    internal static T MetadataOnly<T>(this Change<T> change)
        where T : KubeObject =>
        (T)((KubeObject)change.Observed with { Metadata = change.Desired.Metadata });

    private static bool SameMap(IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if ((a?.Count ?? 0) != (b?.Count ?? 0))
            return false;
        foreach (var (key, value) in a ?? new Dictionary<string, string>())
        {
            if (!b!.TryGetValue(key, out var other) || other != value)
                return false;
        }
        return true;
    }
}
