using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Ports;

/// <summary>Which Vips a pod may carry besides its own addresses.</summary>
public static class AllowedPairs
{
    /// <summary>The names of the Vips that the pod lists.</summary>
    public static IEnumerable<string> ListedBy(Pod pod) =>
        (pod.Metadata.Annotation(PodAnnotations.Default.AllowedAddressPairs) ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether the pod lists the Vip and the Vip selects the pod.</summary>
    public static bool MayCarry(Pod pod, Vip vip) => ListedBy(pod).Contains(vip.Metadata.Name, StringComparer.Ordinal) && Check(pod, vip) is null;

    /// <summary>The Vips that the pod lists and may carry, and why it may not carry the others.</summary>
    /// <param name="subnet">Where the pod's port is.</param>
    /// <param name="find">Finds a Vip by name.</param>
    public static (ImmutableArray<Vip> Allowed, ImmutableArray<AddressRefusal> Refusals) Of(Pod pod, string subnet, Func<string, Vip?> find)
    {
        var allowed = ImmutableArray.CreateBuilder<Vip>();
        var refusals = ImmutableArray.CreateBuilder<AddressRefusal>();
        foreach (var name in ListedBy(pod).Distinct(StringComparer.Ordinal))
        {
            var vip = find(name);
            var problem = vip is null ? "does not exist"
                : Check(pod, vip) ?? (AddressHome.Of(vip) == subnet ? null : $"is in Subnet \"{AddressHome.Of(vip)}\", and the pod in \"{subnet}\"");
            if (problem is null) allowed.Add(vip!);
            else refusals.Add(new(PortReasons.NotPermitted, $"{PodAnnotations.Default.AllowedAddressPairs}: Vip \"{name}\" {problem}"));
        }
        return (allowed.DrainToImmutable(), refusals.DrainToImmutable());
    }

    /// <summary>Whether the pod has all labels that the Vip asks for.</summary>
    internal static bool Selects(Vip vip, Pod pod) => (vip.Spec.Selector ?? []).All(selector => Matches(pod, selector));

    private static string? Check(Pod pod, Vip vip)
    {
        if (pod.Metadata.Namespace != vip.Spec.Namespace) return $"is for namespace \"{vip.Spec.Namespace}\" (spec.namespace)";
        return Selects(vip, pod) ? null : "does not select the pod (spec.selector)";
    }

    /// <param name="selector">In the form <c>KEY: VALUE</c>.</param>
    private static bool Matches(Pod pod, string selector)
    {
        var colon = selector.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && pod.Metadata.Label(selector[..colon].Trim()) == selector[(colon + 1)..].Trim();
    }
}
