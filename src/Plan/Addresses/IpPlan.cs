using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Ports;
using Lease = Sluice.Plan.Addressing.Lease;

namespace Sluice.Plan.Addresses;

/// <summary>What becomes of an IP object that no pod uses at the moment.</summary>
public static class IpPlan
{
    /// <summary>Whether a user made it to keep addresses for a pod to come. Records of ports say that they are none, or have our finalizer.</summary>
    public static bool IsReservation(Ip ip) => ip.Metadata.Label(Names.Labels.IpReserved) switch
    {
        null => !ip.Metadata.IsHeld(),
        var label => label == "true",
    };

    /// <summary>
    /// Whether the addresses are kept for a pod that comes back: a user reserved them, or the pod's StatefulSet still has its number.
    /// </summary>
    /// <param name="set">The StatefulSet of the pod; null when there is none.</param>
    public static bool IsKept(Ip ip, StatefulSet? set)
    {
        if (ip.Metadata.IsDeleting) return false;
        if (IsReservation(ip)) return true;
        return ip.Spec.PodType == "StatefulSet"
            && set is { Metadata.IsDeleting: false }
            && PodRequest.OrdinalOf(ip.Spec.PodName ?? "") is { } ordinal
            && ordinal < set.FirstOrdinal + set.WantedReplicas;
    }

    /// <summary>A reservation with its addresses.</summary>
    public static Ip Reserve(Ip ip, Lease lease) => ip with
    {
        Metadata = ip.Metadata
            .WithFinalizer()
            .WithHome(AddressHome.Of(ip))
            .WithLabel(Names.Labels.IpReserved, "true"),
        Spec = ip.Spec with
        {
            V4IpAddress = lease.Addresses.V4?.ToString() ?? "",
            V6IpAddress = lease.Addresses.V6?.ToString() ?? "",
            IpAddress = lease.Addresses.ToString(),
            MacAddress = lease.Mac.ToString(),
        },
    };

    /// <summary>Why a reservation can not go yet; null when it can.</summary>
    /// <param name="users">The rules that lead to it.</param>
    public static string? InUse(Ip ip, ImmutableArray<AddressUser> users) => IsReservation(ip) && !users.IsEmpty
        ? $"to be deleted once it is no longer used by {AddressUser.Describe(users)}"
        : null;
}
