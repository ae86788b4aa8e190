using Sluice.Api;
using Sluice.Cni.Wire;
using Sluice.Kube.Core;

namespace Sluice.Agent.Attachments;

/// <summary>All that decides what an interface of a pod shall be.</summary>
internal sealed record PodNetworkInput
{
    public required AttachmentRequest Request { get; init; }

    /// <summary>With its annotations in place, see <see cref="PodNetworkPlan.IsAllocated"/>.</summary>
    public required Pod Pod { get; init; }

    /// <summary>Null when there is no such object.</summary>
    public Subnet? Subnet { get; init; }

    public IReadOnlyDictionary<string, string>? NodeLabels { get; init; }

    /// <summary>The MTU that tunnels leave.</summary>
    public required int DefaultMtu { get; init; }

    /// <summary>See <see cref="Ovs.OvsSnapshot.IsUserspace"/>.</summary>
    public bool IsUserspaceDatapath { get; init; }
}
