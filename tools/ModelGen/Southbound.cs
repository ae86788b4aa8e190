using System.Collections.Immutable;

namespace Sluice.ModelGen;

/// <summary>The southbound tables that we read; we write none.</summary>
internal static class Southbound
{
    public static readonly ImmutableSortedDictionary<string, TableOptions> Tables = new Dictionary<string, TableOptions>
    {
        ["BFD"] = new(),
        ["Chassis"] = new() { Ignored = ["nb_cfg", "transport_zones", "vtep_logical_switches"], Key = ["name"] },
        ["Chassis_Private"] = new() { Key = ["name"] },
        ["Encap"] = new(),
        ["Port_Binding"] = new()
        {
            Ignored =
            [
                "additional_chassis", "additional_encap", "datapath", "encap", "gateway_chassis", "ha_chassis_group", "mac", "mirror_rules",
                "nat_addresses", "options", "parent_port", "port_security", "requested_additional_chassis", "requested_chassis", "tag",
                "tunnel_key",
            ],
            Key = ["logical_port"],
        },
        ["SB_Global"] = new() { Ignored = ["connections", "ipsec", "ssl"] },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
