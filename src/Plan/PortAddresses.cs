using Sluice.Plan.Addressing;

namespace Sluice.Plan;

/// <summary>The text in <c>Logical_Switch_Port.addresses</c> and <c>port_security</c>, see ovn-nb(5).</summary>
public static class PortAddresses
{
    /// <summary>The MAC address and the IP addresses behind it: <c>MAC [V4] [V6]</c>.</summary>
    public static string Of(Lease lease) => string.Join(' ', [lease.Mac.ToString(), .. lease.Addresses.ToArray().Select(address => address.ToString())]);
}
