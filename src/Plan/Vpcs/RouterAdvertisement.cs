using Sluice.Api;
using Sluice.Ovn;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>The IPv6 router advertisements of a subnet: Logical_Router_Port.ipv6_ra_configs, see ovn-nb(5).</summary>
internal static class RouterAdvertisement
{
    private const string Default = "address_mode=dhcpv6_stateful,max_interval=30,min_interval=5,send_periodic=true";

    /// <summary>The options of spec.ipv6RAConfigs (<c>key=value,...</c>), or the usual ones; empty when advertisements are off.</summary>
    public static StringMap Of(Subnet subnet)
    {
        if (subnet.Spec.EnableIPv6Ra != true) return StringMap.Empty;
        if (!DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs) || cidrs.V6 is null) return StringMap.Empty;

        var text = string.IsNullOrEmpty(subnet.Spec.IPv6RaConfigs) ? Default : subnet.Spec.IPv6RaConfigs;
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (option.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value]) options[key] = value;
        }
        return StringMap.From(options);
    }
}
