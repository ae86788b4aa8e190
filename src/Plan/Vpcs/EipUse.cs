using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>Whether a rule can use the OvnEip it names, whatever other rules do.</summary>
internal static class EipUse
{
    /// <summary>The pairs of <paramref name="eip"/> and <paramref name="target"/>, or why there are none.</summary>
    public static RuleResolution Pair(string? name, OvnEip? eip, RuleTarget target, VpcSettings settings)
    {
        // What the spec lacks is said before what does not exist yet.
        var refusal = CheckName(name) ?? target.Refusal ?? Check(name!, eip, target.Vpc, settings);
        if (refusal is not null) return new(target, null, refusal);

        var (v4, v6) = (AddressText.Address(eip!.Status?.V4Ip, IpFamily.V4), AddressText.Address(eip.Status?.V6Ip, IpFamily.V6));
        if (target.V4Field is not null && v4 is null) return Mismatch(target.V4Field, "IPv4", name!, target);
        if (target.V6Field is not null && v6 is null) return Mismatch(target.V6Field, "IPv6", name!, target);

        var (hasV4, hasV6) = (v4 is not null && target.V4 is not null, v6 is not null && target.V6 is not null);
        if (!hasV4 && !hasV6) return Mismatch("spec.ovnEip", target.V4 is null ? "IPv6" : "IPv4", name!, target);

        return new(target, new()
        {
            Eip = name!,
            ExternalSubnet = AddressHome.Of(eip, settings.DefaultExternalSubnet),
            IsRouterAddress = eip.Spec.Type == EipTypes.Lrp,
            V4Eip = hasV4 ? v4 : null,
            V4 = hasV4 ? target.V4 : null,
            V6Eip = hasV6 ? v6 : null,
            V6 = hasV6 ? target.V6 : null,
            InnerSubnet = target.Subnet,
            PodPort = target.PodPort,
            PodMac = target.PodMac,
        }, null);
    }

    private static Refusal? CheckName(string? name) => string.IsNullOrEmpty(name) ? new(Reasons.InvalidSpec, "spec.ovnEip: needed") : null;

    private static Refusal? Check(string name, OvnEip? eip, string? vpc, VpcSettings settings)
    {
        if (eip is null) return new(Reasons.EipNotFound, $"spec.ovnEip: OvnEip \"{name}\" does not exist");
        if (eip.Spec.Type == EipTypes.Lsp)
        {
            return new(Reasons.EipTypeMismatch, $"spec.ovnEip: OvnEip \"{name}\" is of type lsp, the address of a gateway node");
        }
        if (eip.Spec.Type == EipTypes.Lrp)
        {
            var owner = RouterPortNames.VpcOf(name, AddressHome.Of(eip, settings.DefaultExternalSubnet));
            if (owner != vpc)
            {
                var router = owner is null ? "no router" : $"the router of Vpc \"{owner}\"";
                return new(Reasons.Conflict, $"spec.ovnEip: OvnEip \"{name}\" is of type lrp, the address of {router}");
            }
        }
        return string.IsNullOrEmpty(eip.Status?.V4Ip) && string.IsNullOrEmpty(eip.Status?.V6Ip)
            ? new(Reasons.EipNotReady, $"spec.ovnEip: OvnEip \"{name}\" has no address yet")
            : null;
    }

    private static RuleResolution Mismatch(string field, string family, string eip, RuleTarget target) =>
        new(target, null, new(Reasons.FamilyMismatch, $"{field}: OvnEip \"{eip}\" has no {family} address"));
}
