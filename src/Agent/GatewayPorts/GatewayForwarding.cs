using Sluice.Agent.Netlink;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>The settings by which the namespace of the gateway port hands packets on. For the namespace that the calling thread is in.</summary>
internal static class GatewayForwarding
{
    private static readonly (IpFamily Family, string Link, string Name, string Value)[] Settings =
    [
        (IpFamily.V4, "all", "forwarding", "1"),
        (IpFamily.V6, "all", "forwarding", "1"),

        // Packets leave by the interface that they came in by: senders would be told to go to the gateway themselves.
        (IpFamily.V4, "all", "send_redirects", "0"),
        (IpFamily.V4, GatewayPortPlan.LinkName, "send_redirects", "0"),

        // They come from pods, whose addresses are not behind this interface.
        (IpFamily.V4, "all", "rp_filter", "0"),
        (IpFamily.V4, GatewayPortPlan.LinkName, "rp_filter", "0"),
        (IpFamily.V6, GatewayPortPlan.LinkName, "accept_ra", "0"),
    ];

    /// <summary>The families whose settings are as they should be, as far as the kernel has them.</summary>
    public static IReadOnlySet<IpFamily> On => Settings.GroupBy(setting => setting.Family).Where(family => family.All(IsAsItShouldBe)).Select(family => family.Key).ToHashSet();

    public static void Set(IReadOnlyCollection<IpFamily> families)
    {
        foreach (var (family, link, name, value) in Settings.Where(setting => families.Contains(setting.Family)))
            Sysctl.Write(Sysctl.FolderOf(family), link, name, value);
    }

    private static bool IsAsItShouldBe((IpFamily Family, string Link, string Name, string Value) setting) =>
        Sysctl.Read(Sysctl.FolderOf(setting.Family), setting.Link, setting.Name) is not { } value || value == setting.Value;
}
