using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Admission;

/// <summary>Whether an OvnEip, Vip or IP may be as it is asked to be. That somebody else has the address now is no objection: it may become free.</summary>
public static class AddressReview
{
    /// <param name="old">What it replaces; null for a new one.</param>
    /// <param name="home">See <see cref="AddressHome"/>.</param>
    /// <param name="subnet">The subnet of that name; null when there is none yet.</param>
    public static Objection? Check(OvnEip? old, OvnEip eip, string home, Subnet? subnet) =>
        (old is null ? null : DefinitionRules.CheckChange(old, eip)) ?? Check(AddressClaims.Of(eip, home), subnet);

    /// <param name="subnet">See <see cref="AddressHome"/>; null when there is none yet.</param>
    /// <param name="nodeSubnet">Name of the subnet of node ports.</param>
    public static Objection? Check(Vip vip, Subnet? subnet, string nodeSubnet) => Check(VipPlan.Claim(vip, nodeSubnet), subnet);

    /// <param name="subnet">See <see cref="AddressHome"/>; null when there is none yet.</param>
    public static Objection? Check(Ip ip, Subnet? subnet)
    {
        var claim = AddressClaims.OfReservation(ip);
        return Check(claim with { Wanted = claim.Held }, subnet);
    }

    private static Objection? Check(AddressClaim claim, Subnet? subnet)
    {
        var addresses = subnet is { Metadata.IsDeleting: false } && SubnetAddresses.TryRead(subnet.Spec, out var found, out _) && !found.Cidrs.IsEmpty ? found : null;
        return claim.Check(addresses) is { } refusal ? Objection.Invalid(refusal.Message) : null;
    }
}
