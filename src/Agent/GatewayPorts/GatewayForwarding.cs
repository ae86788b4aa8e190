using Sluice.Agent.Netlink;

namespace Sluice.Agent.GatewayPorts;

/// <summary>The settings by which the namespace of the gateway port hands packets on. For the namespace that the calling thread is in.</summary>
internal static class GatewayForwarding
{
    private static readonly (string Family, string Link, string Name, string Value)[] Settings =
    [
        ("ipv4", "all", "forwarding", "1"),
        ("ipv6", "all", "forwarding", "1"),

        // Packets leave by the interface that they came in by: senders would be told to go to the gateway themselves.
        ("ipv4", "all", "send_redirects", "0"),
        ("ipv4", GatewayPortPlan.LinkName, "send_redirects", "0"),

        // They come from pods, whose addresses are not behind this interface.
        ("ipv4", "all", "rp_filter", "0"),
        ("ipv4", GatewayPortPlan.LinkName, "rp_filter", "0"),
        ("ipv6", GatewayPortPlan.LinkName, "accept_ra", "0"),
    ];

    /// <summary>Whether all settings that the kernel has are as they should be.</summary>
    public static bool IsOn => Settings.All(setting => Sysctl.Read(setting.Family, setting.Link, setting.Name) is not { } value || value == setting.Value);

    public static void Set()
    {
        foreach (var (family, link, name, value) in Settings)
            Sysctl.Write(family, link, name, value);
    }
}
