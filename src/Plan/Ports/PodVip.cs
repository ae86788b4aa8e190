using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Ports;

/// <summary>A Vip whose addresses a pod takes as its own (<see cref="PodAnnotations.Vip"/>). They stay the Vip's: the pod's IP names it.</summary>
public static class PodVip
{
    private static readonly string Key = PodAnnotations.Default.Vip;

    /// <summary>The Vip that the addresses of an IP belong to; null when they are its own.</summary>
    public static string? Of(Ip ip) => ip.Metadata.Annotation(Key) is { Length: > 0 } vip ? vip : null;

    /// <summary>Why a pod that has nothing yet may not take a Vip; null when it may.</summary>
    /// <param name="name">As the pod names it.</param>
    /// <param name="vip">Null when there is none.</param>
    public static AddressRefusal? Check(Pod pod, string name, Vip? vip)
    {
        if (vip is null) return Refused(PortReasons.Invalid, $"Vip \"{name}\" does not exist");
        if (vip.Metadata.IsDeleting) return Refused(PortReasons.Invalid, $"Vip \"{name}\" is being deleted");
        if (vip.Spec.Type is { Length: > 0 } type) return Refused(PortReasons.Invalid, $"Vip \"{name}\" of type {type} has a port of its own");
        if (vip.Spec.Namespace is { Length: > 0 } ns && ns != pod.Metadata.Namespace)
            return Refused(PortReasons.NotPermitted, $"Vip \"{name}\" is for namespace \"{ns}\" (spec.namespace)");
        if (!AllowedPairs.Selects(vip, pod)) return Refused(PortReasons.NotPermitted, $"Vip \"{name}\" does not select the pod (spec.selector)");
        return AddressClaims.Of(vip) is { IsStored: true, HeldMac: not null } ? null : Refused(PortReasons.NoAddress, $"Vip \"{name}\" has no address yet");
    }

    /// <summary>A Vip that is somewhere else than the pod.</summary>
    /// <param name="subnets">The subnets that the pod may have a port in.</param>
    public static AddressRefusal Elsewhere(Vip vip, IEnumerable<string> subnets) => Refused(
        PortReasons.Invalid,
        $"Vip \"{vip.Metadata.Name}\" is in Subnet \"{AddressHome.Of(vip)}\", and the pod may be in {string.Join(", ", subnets.Select(name => $"\"{name}\"").DefaultIfEmpty("none"))}");

    /// <summary>A Vip that another pod has.</summary>
    /// <param name="ip">Name of that pod's IP.</param>
    public static AddressRefusal Taken(string vip, string ip) => Refused(AddressReasons.Conflict, $"Vip \"{vip}\" is used by IP/{ip}");

    private static AddressRefusal Refused(string reason, string message) => new(reason, $"{Key}: {message}");
}
