using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan.Addressing;
using Sluice.Plan.Ports;

namespace Sluice.Plan.Addresses;

/// <summary>Reads claims from the objects that make them.</summary>
public static class AddressClaims
{
    /// <param name="subnet">See <see cref="AddressHome"/>.</param>
    public static AddressClaim Of(OvnEip eip, string subnet)
    {
        var held = new AddressTexts(eip.Status?.V4Ip, eip.Status?.V6Ip, eip.Status?.MacAddress);
        var claim = Stored(EipPlan.OwnerOf(eip.Metadata.Name), subnet, "spec.externalSubnet", "spec.v4Ip", eip.Metadata, held)
            .Wanting(new(eip.Spec.V4Ip, eip.Spec.V6Ip, eip.Spec.MacAddress), new("spec.v4Ip", "spec.v6Ip", "spec.macAddress"))
            .StayingAt(eip.Spec.ExternalSubnet);
        return claim with { Promised = PromisedTo(eip) };
    }

    /// <summary>The addresses that the labels of an OvnEip name.</summary>
    public static DualStack<IpAddress> PromisedTo(OvnEip eip) => new(
        Stored(eip.Metadata.Label(Names.Labels.EipV4Ip), IpFamily.V4),
        Stored(Names.Labels.DecodeV6(eip.Metadata.Label(Names.Labels.EipV6Ip)), IpFamily.V6));

    public static AddressClaim Of(Vip vip) =>
        Stored(new(nameof(Vip), vip.Metadata.Name), AddressHome.Of(vip), "spec.subnet", "spec.v4ip", vip.Metadata, new(vip.Status?.V4ip, vip.Status?.V6ip, vip.Status?.Mac))
            .Wanting(new(vip.Spec.V4ip, vip.Spec.V6ip, vip.Spec.MacAddress), new("spec.v4ip", "spec.v6ip", "spec.macAddress"))
            .StayingAt(vip.Spec.Subnet);

    /// <summary>An IP has no status: its spec is what it was given. What belongs to a Vip is the Vip's to claim.</summary>
    public static AddressClaim Of(Ip ip) => PodVip.Of(ip) is null ? Recorded(ip) : Recorded(ip) with { Held = default, HeldMac = null };

    /// <summary>What an IP says, whoever its addresses belong to.</summary>
    public static AddressClaim Recorded(Ip ip)
    {
        var both = DualStack<IpAddress>.TryParse(ip.Spec.IpAddress, out var addresses) ? addresses : default;
        var held = new AddressTexts(
            NotEmpty(ip.Spec.V4IpAddress) ?? both.V4?.ToString(),
            NotEmpty(ip.Spec.V6IpAddress) ?? both.V6?.ToString(),
            ip.Spec.MacAddress);
        return Stored(new("IP", ip.Metadata.Name), AddressHome.Of(ip), "spec.subnet", "spec.ipAddress", ip.Metadata, held).StayingAt(ip.Spec.Subnet)
            with { KeepsFamilies = ip.Spec is { PodName: { Length: > 0 }, Namespace: { Length: > 0 } } };
    }

    /// <summary>The claim of an IP that a user wrote: what can not be read there is a mistake, and no reason to give it something else.</summary>
    public static AddressClaim OfReservation(Ip ip)
    {
        var (claim, spec) = (Of(ip), ip.Spec);
        return DualStack<IpAddress>.TryParse(spec.IpAddress, out _)
            ? claim.Wanting(new(spec.V4IpAddress, spec.V6IpAddress, spec.MacAddress), new("spec.v4IpAddress", "spec.v6IpAddress", "spec.macAddress"))
            : claim with { Problem = Malformed("spec.ipAddress", spec.IpAddress, "an address, nor one per family joined by a comma") };
    }

    /// <summary>The claim of an IP that does not exist yet.</summary>
    /// <param name="name">The name that the IP will have.</param>
    /// <param name="user">The pod or node that it is for.</param>
    public static AddressClaim ForNewIp(string name, string subnet, ObjectMeta user) =>
        Stored(new("IP", name), subnet, PodAnnotations.Default.LogicalSwitch, PodAnnotations.Default.IpAddress, user, default);

    /// <summary>The claim of an IP whose object was lost, although the pod has its addresses; null when the pod has none.</summary>
    public static AddressClaim? OfAllocated(Pod pod)
    {
        var keys = PodAnnotations.Default;
        if (pod.Metadata.Annotation(keys.Allocated) != "true" || !PortPlan.NeedsPort(pod)) return null;
        if (!DualStack<IpAddress>.TryParse(pod.Metadata.Annotation(keys.IpAddress), out var addresses)) return null;
        var held = new AddressTexts(addresses.V4?.ToString(), addresses.V6?.ToString(), pod.Metadata.Annotation(keys.MacAddress));
        return Stored(new("IP", PortPlan.PortName(pod.Metadata)), pod.Metadata.Annotation(keys.LogicalSwitch), keys.LogicalSwitch, keys.IpAddress, pod.Metadata, held);
    }

    /// <summary>The claim with what it asks for by value.</summary>
    /// <param name="fields">Where <paramref name="wanted"/> was read from, for messages.</param>
    public static AddressClaim Wanting(this AddressClaim claim, AddressTexts wanted, AddressTexts fields)
    {
        // Older manifests put both families into the field of the first one.
        if (!DualStack<IpAddress>.TryParse(wanted.V4, out var v4))
            return claim with { Problem = Malformed(fields.V4, wanted.V4, "an address") };
        if (!DualStack<IpAddress>.TryParse(wanted.V6, out var v6) || v6.V4 is not null)
            return claim with { Problem = Malformed(fields.V6, wanted.V6, "an IPv6 address") };
        claim = claim with { Wanted = new(v4.V4, v6.V6 ?? v4.V6) };

        if (string.IsNullOrEmpty(wanted.Mac))
            return claim;
        return MacAddress.TryParse(wanted.Mac, out var mac)
            ? claim with { WantedMac = mac }
            : claim with { Problem = Malformed(fields.Mac, wanted.Mac, "a MAC address") };
    }

    /// <summary>The claim of an object whose spec names a subnet: it can not be another one than that which its addresses are from.</summary>
    private static AddressClaim StayingAt(this AddressClaim claim, string? named) => string.IsNullOrEmpty(named) || named == claim.Subnet
        ? claim
        : claim with
        {
            Problem = new(RefusalReason.Invalid, $"{claim.SubnetField}: can not become \"{named}\" while there is an address from Subnet \"{claim.Subnet}\""),
        };

    private static AddressClaim Stored(OwnerKey owner, string? subnet, string subnetField, string addressField, ObjectMeta metadata, AddressTexts held) => new()
    {
        Owner = owner,
        Subnet = subnet ?? "",
        SubnetField = subnetField,
        AddressField = addressField,
        Created = metadata.CreationTimestamp ?? DateTimeOffset.MaxValue,
        MacSeed = metadata.Uid ?? "",
        Held = new(Stored(held.V4, IpFamily.V4), Stored(held.V6, IpFamily.V6)),
        HeldMac = MacAddress.TryParse(held.Mac, out var mac) ? mac : null,
    };

    private static IpAddress? Stored(string? text, IpFamily family) =>
        IpAddress.TryParse(text, out var address) && address.Family == family ? address : null;

    private static Refusal Malformed(string? field, string? value, string what) =>
        new(RefusalReason.Invalid, $"{field}: \"{value}\" is not {what}");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Addresses as objects spell them; null or empty when there is none.</summary>
public readonly record struct AddressTexts(string? V4, string? V6, string? Mac);
