using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Ports;

/// <summary>What a pod asks for in its annotations. What the controller wrote there itself is not a request.</summary>
public sealed record PodRequest
{
    /// <summary>So many addresses a pool may have: each is tried whenever an address of the subnet is freed.</summary>
    public const int MaxPool = 256;

    /// <summary>The subnet; null for one of its namespace's.</summary>
    public string? Subnet { get; init; }

    /// <summary>The Vip whose addresses to take; null for addresses of its own.</summary>
    public string? Vip { get; init; }

    /// <summary>The addresses to take, one after the other, until one is free; empty for any.</summary>
    public ImmutableArray<AddressTexts> Addresses { get; init; } = [];

    /// <summary>The annotation that <see cref="Addresses"/> were read from, for messages.</summary>
    public string AddressField { get; init; } = PodAnnotations.Default.IpAddress;

    /// <summary>Why what it asks for cannot be given, whatever is free; null when it may be.</summary>
    public AddressRefusal? Problem { get; init; }

    /// <param name="isRecorded">
    /// Whether an IP object or the pod's port shows that the pod was given addresses. Otherwise anybody may have written the annotations, whatever
    /// they say.
    /// </param>
    /// <param name="set">The StatefulSet that the pod says it belongs to; null when there is none of that name.</param>
    public static PodRequest Of(Pod pod, bool isRecorded, StatefulSet? set)
    {
        var keys = PodAnnotations.Default;
        if (isRecorded && pod.Metadata.Annotation(keys.Allocated) == "true")
            return new();

        var mac = NotEmpty(pod.Metadata.Annotation(keys.MacAddress));
        var request = new PodRequest { Subnet = NotEmpty(pod.Metadata.Annotation(keys.LogicalSwitch)) };
        if (NotEmpty(pod.Metadata.Annotation(keys.Vip)) is { } vip)
            return request with { Vip = vip };
        if (NotEmpty(pod.Metadata.Annotation(keys.IpAddress)) is { } address)
            return request with { Addresses = [new(address, null, mac)] };
        if (NotEmpty(pod.Metadata.Annotation(keys.IpPool)) is { } pool)
            return request.From(pool, pod.Metadata, set, mac);
        return mac is null ? request : request with { Addresses = [new("", null, mac)] };
    }

    /// <summary>The set that a pod belongs to, and its number in the pod's name; null for a pod of no StatefulSet.</summary>
    public static (OwnerReference Set, int Ordinal)? StatefulSetOf(ObjectMeta pod)
    {
        var set = pod.OwnerReferences?.FirstOrDefault(owner => owner.Kind == nameof(StatefulSet) && owner.Controller == true);
        return set is not null && OrdinalOf(pod.Name) is { } ordinal ? (set, ordinal) : null;
    }

    /// <summary>The number at the end of a pod's name, or null.</summary>
    public static int? OrdinalOf(string pod)
    {
        var dash = pod.LastIndexOf('-');
        return dash > 0 && int.TryParse(pod.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }

    /// <summary>
    /// The list form of <c>ip_pool</c>: entries joined by semicolons may be dual-stack, otherwise commas join single addresses, but for two of
    /// different families. A pod of a StatefulSet takes the one of its number, counted from the first pod of the set, and no other.
    /// </summary>
    private PodRequest From(string pool, ObjectMeta pod, StatefulSet? set, string? mac)
    {
        var field = PodAnnotations.Default.IpPool;
        var separator = pool.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var count = pool.AsSpan().Count(separator) + 1;
        if (count > MaxPool)
            return Refused(PortReasons.Invalid, string.Create(CultureInfo.InvariantCulture, $"{field}: has {count} addresses, and {MaxPool} are the most"));

        string[] entries = IsPair(pool) ? [pool] : pool.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0)
            return Refused(PortReasons.Invalid, $"{field}: \"{pool}\" names no address");
        if (entries.FirstOrDefault(entry => !DualStack<IpAddress>.TryParse(entry, out _)) is { } malformed)
            return Refused(PortReasons.Invalid, $"{field}: \"{malformed}\" is not an address, nor one per family; IPPool objects are not served");

        var request = this with { AddressField = field };
        if (StatefulSetOf(pod) is not var (owner, ordinal))
            return request with { Addresses = [.. entries.Select(entry => new AddressTexts(entry, null, mac))] };
        if (set is null || set.Metadata.Uid != owner.Uid)
            return Refused(PortReasons.NoAddress, $"{field}: StatefulSet \"{owner.Name}\" of the pod does not exist, so that its number is not known");

        var index = ordinal - set.FirstOrdinal;
        return index >= 0 && index < entries.Length
            ? request with { Addresses = [new(entries[index], null, mac)] }
            : Refused(PortReasons.NoAddress, string.Create(
                CultureInfo.InvariantCulture,
                $"{field}: has no address for pod {ordinal} of StatefulSet \"{owner.Name}\", only for {set.FirstOrdinal} to {(long)set.FirstOrdinal + entries.Length - 1}"));
    }

    private PodRequest Refused(string reason, string message) => this with { Problem = new(reason, message) };

    /// <summary>Whether it is one address of each family, joined by a comma.</summary>
    private static bool IsPair(string pool) => DualStack<IpAddress>.TryParse(pool, out var addresses) && addresses.IsDual;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
