using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Ports;

/// <summary>What a pod asks for in its annotations. What the controller wrote there itself is not a request.</summary>
public sealed record PodRequest
{
    /// <summary>The subnet; null for one of its namespace's.</summary>
    public string? Subnet { get; init; }

    /// <summary>The addresses to take, one after the other, until one is free; empty for any.</summary>
    public ImmutableArray<AddressTexts> Addresses { get; init; } = [];

    public static PodRequest Of(Pod pod)
    {
        var keys = PodAnnotations.Default;
        if (pod.Metadata.Annotation(keys.Allocated) == "true")
            return new();

        var mac = NotEmpty(pod.Metadata.Annotation(keys.MacAddress));
        var address = NotEmpty(pod.Metadata.Annotation(keys.IpAddress));
        ImmutableArray<string> candidates = address is not null ? [address] : FromPool(pod, NotEmpty(pod.Metadata.Annotation(keys.IpPool)));
        if (candidates.IsEmpty && mac is not null)
            candidates = [""];
        return new()
        {
            Subnet = NotEmpty(pod.Metadata.Annotation(keys.LogicalSwitch)),
            Addresses = [.. candidates.Select(candidate => new AddressTexts(candidate, null, mac))],
        };
    }

    /// <summary>The set that a pod belongs to, and its number in it; null for a pod of no StatefulSet.</summary>
    public static (string Set, int Ordinal)? StatefulSetOf(ObjectMeta pod)
    {
        var set = pod.OwnerReferences?.FirstOrDefault(owner => owner.Kind == "StatefulSet" && owner.Controller == true)?.Name;
        return set is not null && OrdinalOf(pod.Name) is { } ordinal ? (set, ordinal) : null;
    }

    /// <summary>The number at the end of a pod's name, or null.</summary>
    public static int? OrdinalOf(string pod)
    {
        var dash = pod.LastIndexOf('-');
        return dash > 0 && int.TryParse(pod.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }

    /// <summary>
    /// The list form of <c>ip_pool</c>: entries joined by semicolons may be dual-stack, otherwise commas join single addresses. A pod of a
    /// StatefulSet takes the one of its number.
    /// </summary>
    private static ImmutableArray<string> FromPool(Pod pod, string? pool)
    {
        if (pool is null)
            return [];
        var entries = pool.Split(pool.Contains(';', StringComparison.Ordinal) ? ';' : ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (StatefulSetOf(pod.Metadata) is not var (_, ordinal))
            return [.. entries];
        return ordinal < entries.Length ? [entries[ordinal]] : [];
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
