using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Admission;

/// <summary>
/// The finalizer and the labels that the controller would otherwise store in an object of its own accord, as soon as they are known: with
/// the object itself, they cost no write. A label that turns out wrong, because somebody else gets the address, is corrected as ever.
/// </summary>
public static class Preparation
{
    /// <summary>Of one whose addresses are known before it is stored.</summary>
    /// <param name="home">See <see cref="AddressHome"/>.</param>
    /// <param name="grant">What it gets.</param>
    public static ObjectMeta Granted(OvnEip eip, string home, AddressGrant grant) =>
        EipPlan.Labelled(eip, home, grant.Text(IpFamily.V4), grant.Text(IpFamily.V6));

    /// <summary>Of one that will be given addresses, unless it asks for all of them by value.</summary>
    /// <param name="home">See <see cref="AddressHome"/>.</param>
    /// <param name="subnet">The subnet of that name; null when there is none yet.</param>
    public static ObjectMeta Of(OvnEip eip, string home, Subnet? subnet)
    {
        var claim = AddressClaims.Of(eip, home);
        var isKnown = claim.Problem is null && subnet is not null
            && SubnetAddresses.TryRead(subnet.Spec, out var addresses, out _) && !addresses.Cidrs.IsEmpty
            && addresses.Cidrs.ToArray().All(cidr => claim.Wanted[cidr.Family] is not null);
        return isKnown
            ? EipPlan.Labelled(eip, home, claim.Wanted.V4?.ToString(), claim.Wanted.V6?.ToString())
            : eip.Metadata.WithFinalizer();
    }
}
