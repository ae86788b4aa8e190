using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>Which external subnets a VPC asks for.</summary>
public static class ExternalSubnets
{
    /// <summary>
    /// The default external subnet first, then those of spec.extraExternalSubnets in ascending order; none unless spec.enableExternal is set.
    /// The result does not depend on the order in which the two fields were set.
    /// </summary>
    public static ImmutableArray<string> WantedBy(Vpc? vpc, VpcSettings settings)
    {
        if (vpc is null || vpc.Spec.EnableExternal != true) return [];

        var extras = (vpc.Spec.ExtraExternalSubnets ?? [])
            .Where(name => name.Length > 0 && !(settings.EnableEipSnat && name == settings.DefaultExternalSubnet))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return settings.EnableEipSnat ? [settings.DefaultExternalSubnet, .. extras] : [.. extras];
    }
}
