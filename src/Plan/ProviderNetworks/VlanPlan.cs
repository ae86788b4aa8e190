using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;

namespace Sluice.Plan.ProviderNetworks;

/// <summary>All that the plan of a Vlan depends on.</summary>
public sealed record VlanInput
{
    public required Vlan Vlan { get; init; }

    /// <summary>The provider network of Vlans that name none.</summary>
    public required string DefaultProvider { get; init; }

    /// <summary>The other Vlans of the same provider network.</summary>
    public ImmutableArray<Vlan> Siblings { get; init; } = [];

    /// <summary>The subnets on it.</summary>
    public ImmutableArray<Subnet> Subnets { get; init; } = [];

    public ProviderNetwork? ProviderNetwork { get; init; }
}

/// <summary>What a Vlan should say.</summary>
public sealed record VlanPlan(Change<Vlan> Change, Outcome Outcome)
{
    public static VlanPlan For(VlanInput input)
    {
        var vlan = input.Vlan;
        var provider = ProviderOf(vlan, input.DefaultProvider);
        var rival = Rival(vlan, input.Siblings);
        var (reason, message) = (rival, input.ProviderNetwork) switch
        {
            ({ } other, _) => (VlanReasons.Conflict, Taken(vlan, provider, other)),
            (_, null) => (VlanReasons.ProviderNetworkNotFound, $"spec.provider: ProviderNetwork \"{provider}\" does not exist"),
            _ => (VlanReasons.Available, null),
        };
        var status = (vlan.Status ?? new VlanStatus()) with
        {
            Subnets = input.Subnets.Select(subnet => subnet.Metadata.Name).Order(StringComparer.Ordinal).ToValueList(),
            Conflict = rival is not null,
        };
        status = status with
        {
            Conditions = status.Conditions.With(ConditionTypes.Ready, message is null, reason, message, vlan.Metadata.Generation),
        };
        return new(
            new(vlan, vlan with { Status = status }),
            message is null ? Outcome.Done : new Outcome.Blocked(reason, message));
    }

    /// <summary>The older Vlan that has the same tag, or null. Untagged ones do not conflict: they are the same network.</summary>
    public static Vlan? Rival(Vlan vlan, IEnumerable<Vlan> siblings) => TagOf(vlan) == 0
        ? null
        : siblings.Where(other => TagOf(other) == TagOf(vlan) && Age.IsOlder(other, vlan)).MinBy(other => other.Metadata.Name, StringComparer.Ordinal);

    /// <summary>The message about a rival.</summary>
    internal static string Taken(Vlan vlan, string provider, Vlan rival) => string.Create(CultureInfo.InvariantCulture,
        $"spec.id: {TagOf(vlan)} of ProviderNetwork {provider} is taken by the older Vlan {rival.Metadata.Name}");

    /// <summary>The IEEE 802.1Q tag; 0 for none.</summary>
    public static int TagOf(Vlan vlan) => vlan.Spec.Id ?? vlan.Spec.VlanId ?? 0;

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

    /// <summary>An older Vlan of the provider network has the same tag.</summary>
    public const string Conflict = nameof(Conflict);

    /// <summary>The ProviderNetwork does not exist.</summary>
    public const string ProviderNetworkNotFound = nameof(ProviderNetworkNotFound);
}
