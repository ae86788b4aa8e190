using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>Which external subnets VPCs and OvnEips mean.</summary>
public static class ExternalSubnets
{
    /// <summary>
    /// The default external subnet first, then those of spec.extraExternalSubnets in ascending order; none unless spec.enableExternal
    /// is set. The result does not depend on the order in which the two fields were set. The ConfigMap of the external gateway sets it
    /// for the default VPC, as far as the default external subnet goes.
    /// </summary>
    public static ImmutableArray<string> WantedBy(Vpc? vpc, VpcSettings settings)
    {
        if (vpc is null) return [];
        if (vpc.Spec.EnableExternal != true) return IsConnectedByConfig(vpc.Metadata.Name, settings) ? [settings.DefaultExternalSubnet] : [];

        var extras = (vpc.Spec.ExtraExternalSubnets ?? [])
            .Where(name => name.Length > 0 && !(settings.EnableEipSnat && name == settings.DefaultExternalSubnet))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return settings.EnableEipSnat ? [settings.DefaultExternalSubnet, .. extras] : [.. extras];
    }

    /// <summary>Those that a VPC is connected to, as its status says.</summary>
    public static IEnumerable<string> ConnectedTo(Vpc? vpc, VpcSettings settings) => vpc?.Status?.EnableExternal != true ? []
        : WantedBy(vpc, settings).Where(name => name == settings.DefaultExternalSubnet || (vpc.Status.ExtraExternalSubnets ?? []).Contains(name));

    /// <summary>Whether the ConfigMap of the external gateway connects a VPC to the default external subnet.</summary>
    public static bool IsConnectedByConfig(string vpc, VpcSettings settings) =>
        settings is { EnableEipSnat: true, Gateway: not null } && vpc == settings.DefaultVpc;
}
