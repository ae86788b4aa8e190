using System.Collections.Immutable;
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

    /// <summary>Whether a subnet that is edited still holds the addresses that were given out from it.</summary>
    /// <param name="given">The claims on its addresses.</param>
    public static Objection? CheckHeld(SubnetAddresses addresses, IEnumerable<AddressClaim> given)
    {
        ImmutableArray<AddressUser> losers =
        [
            .. from claim in given
               where claim.Held.ToArray().Any(address => addresses.Check(address) is not null)
               select new AddressUser(claim.Owner.Kind, claim.Owner.Name, IsDeleting: false),
        ];
        return losers.IsEmpty
            ? null
            : Objection.Invalid($"spec.cidrBlock: {addresses.Cidrs} with gateway {addresses.Gateways} no longer gives the addresses of {AddressUser.Describe(losers, Objection.MaxNamed)}", losers);
    }

    private static Objection? Check(AddressClaim claim, Subnet? subnet)
    {
        var addresses = subnet is { Metadata.IsDeleting: false } && SubnetAddresses.TryRead(subnet.Spec, out var found, out _) && !found.Cidrs.IsEmpty ? found : null;
        return claim.Check(addresses) is { } refusal ? Objection.Invalid(refusal.Message) : null;
    }
}
