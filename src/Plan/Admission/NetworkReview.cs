using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Admission;

/// <summary>
/// Whether a network may be as it is asked to be. Of two that collide the plans keep the older one; what is asked for now is younger than
/// all there is, edits included, and what is being deleted collides with nothing.
/// </summary>
public static class NetworkReview
{
    /// <param name="inForce">The subnet as it is served, with who uses it; null for a new one.</param>
    /// <param name="given">The claims on its addresses.</param>
    public static Objection? Check(SubnetInput input, SubnetInput? inForce, IEnumerable<AddressClaim> given)
    {
        input = input with { Subnet = Youngest(input.Subnet), Siblings = [.. input.Siblings.Where(other => !other.Metadata.IsDeleting)] };
        if (!SubnetAddresses.TryRead(input.Subnet.Spec, out var addresses, out var problem))
            return Objection.Invalid($"{problem!.Field}: {problem.Message}");
        if (SubnetValidation.CheckLasting(input, addresses) is not { } refusal)
        {
            ImmutableArray<AddressUser> losers = [.. LosersBy(addresses, given)];
            return inForce is not null && SubnetEdit.Disruption(inForce with { Written = input, Losers = losers }, input.Subnet.Spec, addresses) is { } disruption
                ? Objection.Invalid(disruption.Message, losers.IsEmpty ? inForce.Users : losers)
                : null;
        }
        return SubnetValidation.Rival(input, addresses) is var (rival, _)
            ? Objection.Invalid(refusal.Message, new AddressUser(nameof(Subnet), rival.Metadata.Name, IsDeleting: false))
            : Objection.Invalid(refusal.Message);
    }

    private static IEnumerable<AddressUser> LosersBy(SubnetAddresses addresses, IEnumerable<AddressClaim> given) =>
        from claim in given
        where claim.Held.ToArray().Any(address => addresses.Check(address) is not null)
        select new AddressUser(claim.Owner.Kind, claim.Owner.Name, IsDeleting: false);

    /// <param name="siblings">The other Vlans of the same provider network.</param>
    public static Objection? Check(Vlan vlan, IEnumerable<Vlan> siblings, string defaultProvider) =>
        VlanPlan.Rival(Youngest(vlan), siblings.Where(other => !other.Metadata.IsDeleting)) is { } rival
            ? Objection.Invalid(
                VlanPlan.Taken(vlan, VlanPlan.ProviderOf(vlan, defaultProvider), rival),
                new AddressUser(nameof(Vlan), rival.Metadata.Name, IsDeleting: false))
            : null;

    /// <inheritdoc cref="VlanEdit.Disruption"/>
    public static Objection? CheckEdit(Vlan inForce, Vlan written, ImmutableArray<AddressUser> occupied, string defaultProvider) =>
        VlanEdit.Disruption(inForce, written, occupied, defaultProvider) is { } refusal ? Objection.Invalid(refusal.Message, occupied) : null;

    /// <inheritdoc cref="ProviderNetworkEdit.Disruption"/>
    public static Objection? CheckEdit(
        ProviderNetwork inForce,
        ProviderNetwork written,
        IEnumerable<Node> nodes,
        ImmutableArray<AddressUser> occupied,
        IReadOnlyDictionary<string, IReadOnlyCollection<AddressUser>> onNodes) =>
        ProviderNetworkEdit.Disruption(inForce, written, nodes, occupied, onNodes) is { } refusal ? Objection.Invalid(refusal.Message, occupied) : null;

    public static Objection? Check(ProviderNetwork network) => DefinitionRules.Check(network);

    /// <param name="namesake">The subnet of the same name, or null.</param>
    public static Objection? Check(Vpc vpc, Subnet? namesake)
    {
        if (namesake is { Metadata.IsDeleting: false })
        {
            return Objection.Invalid(
                "metadata.name: there is a Subnet of the same name", new AddressUser(nameof(Subnet), namesake.Metadata.Name, IsDeleting: false));
        }
        var refusals = new List<Vpcs.Refusal>();
        RoutesPlan.Read(vpc.Spec, refusals);
        PoliciesPlan.Read(vpc.Spec, refusals);
        return refusals.Count == 0 ? null : Objection.Invalid(string.Join("; ", refusals.Select(refusal => refusal.Message)));
    }

    private static T Youngest<T>(T item)
        where T : KubeObject =>
        (T)(item with { Metadata = item.Metadata with { CreationTimestamp = DateTimeOffset.MaxValue } });
}
