using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.ProviderNetworks;

/// <summary>All that the plan of a Vlan depends on.</summary>
public sealed record VlanInput
{
    public required Vlan Vlan { get; init; }

    /// <summary>The provider network of Vlans that name none.</summary>
    public required string DefaultProvider { get; init; }

    /// <summary>The other Vlans of the same provider network.</summary>
    public ImmutableArray<Vlan> Siblings { get; init; } = [];

    /// <summary>As <see cref="Siblings"/>, of the provider network that the written spec names.</summary>
    public ImmutableArray<Vlan> WrittenSiblings { get; init; } = [];

    /// <summary>The subnets on it, deleting ones included.</summary>
    public ImmutableArray<Subnet> Subnets { get; init; } = [];

    /// <summary>Those of the subnets that something has addresses of; only for a Vlan whose written spec is not in force.</summary>
    public ImmutableArray<AddressUser> Occupied { get; init; } = [];

    public ProviderNetwork? ProviderNetwork { get; init; }
}

/// <summary>What a Vlan should say. Our finalizer keeps one that subnets are on: without its tag on the NICs they are cut off.</summary>
public sealed record VlanPlan(Change<Vlan> Change, Outcome Outcome)
{
    public static VlanPlan For(VlanInput input)
    {
        var vlan = input.Vlan;
        if (vlan.Metadata.IsDeleting && input.Subnets.IsEmpty)
            return new(new(vlan, vlan with { Metadata = vlan.Metadata.WithoutFinalizer() }), Outcome.Done);

        var edit = VlanEdit.Of(input);
        var provider = ProviderOf(vlan, input.DefaultProvider);
        var rival = Rival(vlan, input.Siblings);
        var (reason, message) = (rival, input.ProviderNetwork) switch
        {
            ({ } other, _) => (VlanReasons.Conflict, Taken(vlan, provider, other)),
            (_, null) => (VlanReasons.ProviderNetworkNotFound, $"spec.provider: ProviderNetwork \"{provider}\" does not exist"),
            _ => (VlanReasons.Available, null),
        };
        var isReady = message is null;
        var refusal = edit.InForce is null ? null : edit.Refusal;
        if (vlan.Metadata.IsDeleting)
            (reason, message) = (VlanReasons.InUse, AddressUser.KeptBy(Users(input.Subnets)));
        else if (refusal is not null)
            (isReady, reason, message) = (false, refusal.Reason, refusal.WithConsequence);

        var generation = vlan.Metadata.Generation;
        var status = (vlan.Status ?? new VlanStatus()) with
        {
            Subnets = input.Subnets.Select(subnet => subnet.Metadata.Name).Order(StringComparer.Ordinal).ToValueList(),
            Conflict = rival is not null,
            Accepted = edit.InForce,
        };
        var conditions = status.Conditions.Without(ConditionTypes.Validated);
        if (refusal is not null)
            conditions = conditions.With(ConditionTypes.Validated, false, refusal.Reason, refusal.Message, generation);
        status = status with { Conditions = conditions.With(ConditionTypes.Ready, isReady, reason, message, generation) };
        return new(
            new(vlan, vlan with { Metadata = vlan.Metadata.IsDeleting ? vlan.Metadata : vlan.Metadata.WithFinalizer(), Status = status }),
            message is null ? Outcome.Done : new Outcome.Blocked(reason, message));
    }

    private static List<AddressUser> Users(IEnumerable<Subnet> subnets) =>
        [.. subnets.Select(subnet => new AddressUser(nameof(Subnet), subnet.Metadata.Name, subnet.Metadata.IsDeleting))];

    /// <summary>
    /// The Vlan that has the same tag and comes first, because it is in force or else older; null when there is none. Untagged ones do not
    /// conflict: they are the same network.
    /// </summary>
    public static Vlan? Rival(Vlan vlan, IEnumerable<Vlan> siblings) => TagOf(vlan) == 0
        ? null
        : siblings.Where(other => TagOf(other) == TagOf(vlan) && Precedes(other, vlan))
            .Aggregate((Vlan?)null, (first, other) => first is null || Precedes(other, first) ? other : first);

    private static bool Precedes(Vlan other, Vlan vlan)
    {
        var (theirs, ours) = (other.Status?.Accepted is not null, vlan.Status?.Accepted is not null);
        return theirs == ours ? Age.IsOlder(other, vlan) : theirs;
    }

    /// <summary>The message about a rival.</summary>
    internal static string Taken(Vlan vlan, string provider, Vlan rival) => string.Create(CultureInfo.InvariantCulture,
        $"spec.id: {TagOf(vlan)} of ProviderNetwork {provider} is taken by Vlan {rival.Metadata.Name}");

    /// <summary>The IEEE 802.1Q tag; 0 for none.</summary>
    public static int TagOf(Vlan vlan) => vlan.Spec.Id ?? vlan.Spec.VlanId ?? 0;

    /// <summary>The ProviderNetwork that a Vlan is on, whether it exists or not.</summary>
    public static string ProviderOf(Vlan vlan, string defaultProvider) =>
        !string.IsNullOrEmpty(vlan.Spec.Provider) ? vlan.Spec.Provider
        : !string.IsNullOrEmpty(vlan.Spec.ProviderInterfaceName) ? vlan.Spec.ProviderInterfaceName
        : defaultProvider;
}

/// <summary>Reasons of the conditions of a Vlan.</summary>
public static class VlanReasons
{
    /// <summary>Subnets may use it.</summary>
    public const string Available = nameof(Available);

    /// <summary>Another Vlan of the provider network has the same tag.</summary>
    public const string Conflict = nameof(Conflict);

    /// <summary>The ProviderNetwork does not exist.</summary>
    public const string ProviderNetworkNotFound = nameof(ProviderNetworkNotFound);

    /// <summary>The Vlan is being deleted, or is to have another tag or network, but subnets are still on it.</summary>
    public const string InUse = nameof(InUse);
}
