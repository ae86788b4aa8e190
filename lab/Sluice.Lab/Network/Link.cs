using Sluice.Lab.Processes;

namespace Sluice.Lab.Network;

/// <summary>Interfaces of network namespaces, by way of ip(8).</summary>
public static class Link
{
    /// <summary>Creates a virtual cable with one end in each namespace (null is this machine's own) and sets both ends up.</summary>
    public static async Task ConnectAsync(string? leftNamespace, string leftName, string rightNamespace, string rightName, CancellationToken cancellation = default)
    {
        var left = leftNamespace is null ? "" : $"netns {leftNamespace}";
        await BatchAsync(null, [$"link add {leftName} {left} type veth peer name {rightName} netns {rightNamespace}"], cancellation);
        await BatchAsync(leftNamespace, [$"link set {leftName} up"], cancellation);
        await BatchAsync(rightNamespace, [$"link set {rightName} up"], cancellation);
    }

    /// <summary>Adds addresses; IPv6 ones without duplicate address detection, so that they work at once.</summary>
    public static Task AddAddressesAsync(string? networkNamespace, string name, IEnumerable<InterfaceAddress> addresses, CancellationToken cancellation = default) =>
        BatchAsync(networkNamespace, addresses.Select(address => $"addr add {address} dev {name}{(IsV6(address) ? " nodad" : "")}"), cancellation);

    /// <summary>Adds the default routes through <paramref name="gateways"/>, one per address family.</summary>
    public static Task AddDefaultRoutesAsync(string networkNamespace, IEnumerable<InterfaceAddress> gateways, CancellationToken cancellation = default) =>
        BatchAsync(networkNamespace, gateways.Select(gateway => $"route add default via {gateway.Address}"), cancellation);

    /// <summary>
    /// Makes the kernel finish checksums itself for packets sent out of this interface. A userspace switch at the other
    /// end gets packets as they are; unfinished ones would be dropped by the receiver (TCP and UDP fail, ping works).
    /// </summary>
    public static Task DisableChecksumOffloadAsync(string networkNamespace, string name, CancellationToken cancellation = default) =>
        new Command("ethtool", "-K", name, "tx", "off").In(networkNamespace).RunAsync(cancellation);

    /// <summary>Lets a namespace forward packets between its interfaces.</summary>
    public static Task EnableForwardingAsync(string networkNamespace, CancellationToken cancellation = default) =>
        new Command("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1").In(networkNamespace).RunAsync(cancellation);

    private static bool IsV6(InterfaceAddress address) => address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    private static async Task BatchAsync(string? networkNamespace, IEnumerable<string> lines, CancellationToken cancellation)
    {
        string[] scope = networkNamespace is null ? [] : ["-n", networkNamespace];
        await (new Command("ip", [.. scope, "-batch", "-"]) { Input = string.Join('\n', lines) + "\n" }).RunAsync(cancellation);
    }
}
