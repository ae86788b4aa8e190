using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Subnets;

/// <summary>What becomes of the spec that a user wrote, see docs/design/0012.</summary>
/// <param name="Written">The written spec with defaults filled in, as far as it can be read.</param>
/// <param name="InForce">The spec that the subnet is served by; null when none was ever valid.</param>
/// <param name="Refusal">Why the written spec does not come into force; null when it does.</param>
/// <param name="Doubt">What has come to stand against the spec in force since it was accepted; null when nothing has.</param>
public sealed record SubnetEdit(SubnetSpec Written, SubnetSpec? InForce, SubnetRefusal? Refusal, SubnetRefusal? Doubt = null)
{
    public static SubnetEdit Of(SubnetInput input)
    {
        var written = input.Written ?? input;
        var refusal = Read(written, out var spec, out var addresses) ?? SubnetValidation.Check(WithSpec(written, spec), addresses);
        if (input.Subnet.Status?.Accepted is not { } accepted)
            return new(spec, refusal is null ? spec : null, refusal);
        if (spec == accepted)
            return new(spec, accepted, null, refusal);

        // What is wrong already is no reason to refuse an edit: field by field is how it is repaired.
        var doubt = SubnetAddresses.TryRead(accepted, out var before, out _) ? SubnetValidation.Check(input, before) : null;
        if (refusal is not null && refusal.Message == doubt?.Message)
            refusal = null;
        refusal ??= Disruption(input, spec, addresses);
        return refusal is null ? new(spec, spec, null, doubt) : new(spec, accepted, refusal, doubt);
    }

    /// <summary>The addresses that the written spec asks for while they are not the ones in force; null otherwise, or when it cannot be read.</summary>
    public static SubnetAddresses? AddressesOf(Subnet subnet) =>
        subnet.Status?.Accepted is not null
        && SubnetAddresses.TryRead(subnet.WrittenSpec, out var written, out _)
        && !(SubnetAddresses.TryRead(subnet.Spec, out var inForce, out _) && written == inForce)
            ? written
            : null;

    private static SubnetRefusal? Read(SubnetInput written, out SubnetSpec spec, out SubnetAddresses addresses)
    {
        spec = written.Subnet.AsWritten().Spec;
        if (!SubnetAddresses.TryRead(spec, out addresses, out var problem))
            return new(SubnetReasons.Invalid, $"{problem!.Field}: {problem.Message}");
        spec = SubnetDefaults.Fill((Subnet)written.Subnet.AsWritten(), addresses, written.Settings);
        return null;
    }

    private static SubnetInput WithSpec(SubnetInput input, SubnetSpec spec) =>
        input with { Subnet = (Subnet)input.Subnet.AsWritten() with { Spec = spec } };

    /// <summary>What the edit would take away from whoever uses the subnet; null when nothing, or when an operator says that it may.</summary>
    internal static SubnetRefusal? Disruption(SubnetInput input, SubnetSpec spec, SubnetAddresses addresses)
    {
        if (Disruptions.AreAllowed(input.Subnet.Metadata))
            return null;
        if (!input.Losers.IsEmpty)
        {
            return InUse("spec.cidrBlock",
                $"{addresses.Cidrs} with gateway {addresses.Gateways} no longer gives the addresses of {AddressUser.Describe(input.Losers)}");
        }
        if (!input.Users.IsEmpty && Moved(input.Subnet, spec) is var (field, old, value))
            return InUse(field, $"cannot change from \"{old}\" to \"{value}\" while the subnet is in use by {AddressUser.Describe(input.Users)}");
        return LostGateway(input, spec);
    }

    /// <summary>The first field that says where the users of a subnet are connected and that is another one now; null when none is.</summary>
    private static (string Field, string? Old, string? New)? Moved(Subnet subnet, SubnetSpec spec)
    {
        var old = subnet.Spec;
        if (Differ(old.Vpc, spec.Vpc)) return ("spec.vpc", old.Vpc, spec.Vpc);
        if (Differ(old.Provider, spec.Provider)) return ("spec.provider", old.Provider, spec.Provider);
        if (Differ(old.Vlan, spec.Vlan)) return ("spec.vlan", old.Vlan, spec.Vlan);
        if ((old.LogicalGateway == true) != (spec.LogicalGateway == true))
            return ("spec.logicalGateway", Text(old.LogicalGateway), Text(spec.LogicalGateway));

        // Pods remember their gateway. That of an underlay subnet is none of ours, and has moved already.
        return SubnetPorts.HasRouterPort(subnet) && HasGatewayMoved(old.Gateway, spec.Gateway) ? ("spec.gateway", old.Gateway, spec.Gateway) : null;
    }

    /// <summary>Whether the gateway of a family that there was is another one; one of a family that comes is nobody's yet.</summary>
    private static bool HasGatewayMoved(string? old, string? now) =>
        DualStack<IpAddress>.TryParse(old, out var before) && DualStack<IpAddress>.TryParse(now, out var after)
        && before.ToArray().Any(gateway => after[gateway.Family] is { } other && other != gateway);

    /// <summary>Whether a centralized subnet would no longer have a node to leave through.</summary>
    private static SubnetRefusal? LostGateway(SubnetInput input, SubnetSpec spec) =>
        SubnetStatusPlan.CheckGateway(input) is null ? SubnetStatusPlan.CheckGateway(WithSpec(input.Written ?? input, spec)) : null;

    private static bool Differ(string? a, string? b) => (a ?? "") != (b ?? "");

    private static string Text(bool? value) => value == true ? "true" : "false";

    private static SubnetRefusal InUse(string field, string message) => new(SubnetReasons.InUse, $"{field}: {message}");
}
