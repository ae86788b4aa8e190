using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>
/// What the controller recorded for a pod's port. Whoever may write a pod writes its annotations; the IP object is the controller's, and
/// what a pod is plugged in with is what that says. Pure.
/// </summary>
internal static class PodRecord
{
    /// <summary>What stands against plugging a pod in as its annotations say; null if nothing.</summary>
    /// <param name="network">From the annotations.</param>
    /// <param name="ip">The IP object of the pod's port; null when there is none.</param>
    public static string? Check(PodNetwork network, Ip? ip)
    {
        if (ip is null)
            return $"there is no IP {network.IfaceId}, so that nobody knows whether its annotations are true";
        var claim = AddressClaims.Recorded(ip);
        var addresses = network.Addresses.Aggregate(default(DualStack<IpAddress>), static (all, address) => all.With(address.Address));
        var keys = PodAnnotations.Default;
        return Differs(keys.IpAddress, addresses.ToString(), claim.Held.ToString())
            ?? Differs(keys.MacAddress, network.Mac.ToString(), claim.HeldMac?.ToString() ?? "")
            ?? Differs(keys.LogicalSwitch, network.Subnet, claim.Subnet);

        string? Differs(string key, string annotated, string recorded) =>
            annotated == recorded ? null : $"annotation {key} says \"{annotated}\", and IP {network.IfaceId} \"{recorded}\"";
    }
}
