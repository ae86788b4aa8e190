using System.Globalization;
using Sluice.Api;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.ProviderNetworks;

/// <summary>Why the spec that a user wrote does not come into force.</summary>
/// <param name="Reason">One of the reasons of the kind.</param>
/// <param name="Message">For people; names the field, the value and who stands against it.</param>
public sealed record NetworkRefusal(string Reason, string Message)
{
    /// <summary>The message of an object that works on as it was.</summary>
    internal string WithConsequence => $"{Message}; the last valid spec stays in force";
}

/// <summary>What becomes of the spec of a Vlan that a user wrote, see docs/design/0012.</summary>
/// <param name="InForce">The spec that is in force once this is stored; null when none was ever accepted.</param>
/// <param name="Refusal">Why the written spec does not come into force; null when it does.</param>
public sealed record VlanEdit(VlanSpec? InForce, NetworkRefusal? Refusal)
{
    public static VlanEdit Of(VlanInput input)
    {
        var vlan = input.Vlan;
        var accepted = vlan.Status?.Accepted;
        if (vlan.Metadata.IsDeleting || vlan.WrittenSpec == accepted)
            return new(accepted, null);

        var refusal = Conflict(input) ?? (accepted is null ? null : Disruption(vlan, (Vlan)vlan.AsWritten(), input.Occupied, input.DefaultProvider));
        return refusal is null ? new(vlan.WrittenSpec, null) : new(accepted, refusal);
    }

    /// <summary>What the edit would take away from whoever is on the Vlan; null when nothing, or when an operator says that it may.</summary>
    /// <param name="inForce">The Vlan as it is served.</param>
    /// <param name="written">As it is asked to be.</param>
    /// <param name="occupied">See <see cref="VlanInput.Occupied"/>.</param>
    internal static NetworkRefusal? Disruption(Vlan inForce, Vlan written, IReadOnlyCollection<AddressUser> occupied, string defaultProvider)
    {
        if (occupied.Count == 0 || Disruptions.AreAllowed(written.Metadata))
            return null;
        var (oldTag, tag) = (VlanPlan.TagOf(inForce), VlanPlan.TagOf(written));
        if (oldTag != tag)
            return InUse("spec.id", oldTag.ToString(CultureInfo.InvariantCulture), tag.ToString(CultureInfo.InvariantCulture));
        var (oldProvider, provider) = (VlanPlan.ProviderOf(inForce, defaultProvider), VlanPlan.ProviderOf(written, defaultProvider));
        return oldProvider == provider ? null : InUse("spec.provider", oldProvider, provider);

        NetworkRefusal InUse(string field, string old, string value) => new(
            VlanReasons.InUse, $"{field}: cannot change from \"{old}\" to \"{value}\" while the Vlan is in use by {AddressUser.Describe(occupied)}");
    }

    private static NetworkRefusal? Conflict(VlanInput input)
    {
        var written = (Vlan)input.Vlan.AsWritten();
        return VlanPlan.Rival(written, input.WrittenSiblings) is { } rival
            ? new(VlanReasons.Conflict, VlanPlan.Taken(written, VlanPlan.ProviderOf(written, input.DefaultProvider), rival))
            : null;
    }
}
