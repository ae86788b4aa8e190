using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Plan.Ports;

/// <summary>Which Vips a pod may carry besides its own addresses.</summary>
public static class AllowedPairs
{
    /// <summary>The names of the Vips that the pod lists.</summary>
    public static IEnumerable<string> ListedBy(Pod pod) =>
        (pod.Metadata.Annotation(PodAnnotations.Default.AllowedAddressPairs) ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether the pod lists the Vip and the Vip selects the pod.</summary>
    public static bool MayCarry(Pod pod, Vip vip) =>
        pod.Metadata.Namespace == vip.Spec.Namespace
        && ListedBy(pod).Contains(vip.Metadata.Name, StringComparer.Ordinal)
        && (vip.Spec.Selector ?? []).All(selector => Matches(pod, selector));

    /// <param name="selector">In the form <c>KEY: VALUE</c>.</param>
    private static bool Matches(Pod pod, string selector)
    {
        var colon = selector.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && pod.Metadata.Label(selector[..colon].Trim()) == selector[(colon + 1)..].Trim();
    }
}
