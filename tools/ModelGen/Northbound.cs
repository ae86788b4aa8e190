using System.Collections.Immutable;

namespace Sluice.ModelGen;

/// <summary>The northbound tables that we model, and what ovn-nb(5) says about them beyond the schema.</summary>
internal static class Northbound
{
    public static readonly ImmutableSortedDictionary<string, TableOptions> Tables = new Dictionary<string, TableOptions>
    {
        ["ACL"] = new() { Key = ["direction", "priority", "match"], KeyWithinParent = true },
        ["Address_Set"] = new() { Key = ["name"] },
        ["BFD"] = new() { ReadOnly = ["status"], Key = ["logical_port", "dst_ip"] },
        ["DHCP_Options"] = new() { Key = ["cidr", "external_ids:ls", "external_ids:port"] },
        ["Gateway_Chassis"] = new() { Key = ["name"] },
        ["HA_Chassis"] = new() { Key = ["chassis_name"], KeyWithinParent = true },
        ["HA_Chassis_Group"] = new() { Sets = ["ha_chassis"], Key = ["name"] },
        ["Load_Balancer"] = new() { Sets = ["health_check"], Key = ["name"] },
        ["Load_Balancer_Health_Check"] = new() { Key = ["vip"], KeyWithinParent = true },
        ["Logical_Router"] = new()
        {
            Ignored = ["copp", "load_balancer_group"],
            Sets = ["load_balancer", "nat", "policies", "ports", "static_routes"],
            // Operators set options of their own on a router, so that only those which we write are ours to remove.
            Shared = Shared("options", "always_learn_from_arp_request", "dynamic_neigh_routers", "mac_binding_age_threshold"),
            Key = ["name"],
        },
        ["Logical_Router_Policy"] = new() { Key = ["priority", "match"], KeyWithinParent = true },
        ["Logical_Router_Port"] = new() { ReadOnly = ["ipv6_prefix", "status"], Sets = ["gateway_chassis"], Key = ["name"] },
        ["Logical_Router_Static_Route"] = new() { Key = ["route_table", "policy", "ip_prefix", "nexthop"], KeyWithinParent = true },
        ["Logical_Switch"] = new()
        {
            Ignored = ["copp", "dns_records", "forwarding_groups", "load_balancer_group", "qos_rules"],
            Sets = ["acls", "load_balancer", "ports"],
            Key = ["name"],
        },
        ["Logical_Switch_Port"] = new() { Ignored = ["mirror_rules"], ReadOnly = ["dynamic_addresses", "up"], Key = ["name"] },
        ["NAT"] = new() { Key = ["type", "external_ip", "logical_ip"], KeyWithinParent = true },
        ["NB_Global"] = new()
        {
            Ignored = ["connections", "ssl"],
            ReadOnly = ["hv_cfg", "hv_cfg_timestamp", "nb_cfg", "nb_cfg_timestamp", "sb_cfg", "sb_cfg_timestamp"],
            Shared = Shared("options"),
        },
        ["Port_Group"] = new() { Sets = ["acls", "ports"], Key = ["name"] },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static ImmutableDictionary<string, ImmutableArray<string>> Shared(string column, params ImmutableArray<string> keys) =>
        ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(column, keys);
}
