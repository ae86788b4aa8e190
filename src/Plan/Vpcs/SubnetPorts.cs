using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>What the plans of subnets and ports must know of the router that their VPC's plan writes.</summary>
public static class SubnetPorts
{
    /// <summary>The VPC of a subnet; the default one when its spec does not say.</summary>
    public static string VpcOf(Subnet subnet, string defaultVpc) => string.IsNullOrEmpty(subnet.Spec.Vpc) ? defaultVpc : subnet.Spec.Vpc;

    /// <summary>Whether the router of its VPC is the gateway of a subnet; an underlay subnet has one in the provider network.</summary>
    public static bool HasRouterPort(Subnet subnet) => HasRouterPort(subnet.Spec);

    /// <inheritdoc cref="HasRouterPort(Subnet)"/>
    public static bool HasRouterPort(SubnetSpec spec) => IsOvn(spec) && (string.IsNullOrEmpty(spec.Vlan) || spec.LogicalGateway == true);

    /// <summary>Whether the subnet was refused and never had a spec in force: nothing may be connected to it.</summary>
    public static bool IsRefused(Subnet subnet) =>
        subnet.Status is { Accepted: null } status && status.Conditions.Find(ConditionTypes.Validated)?.Status == ConditionStatus.False;

    /// <summary>
    /// The MAC address of the router's port in a subnet that <see cref="HasRouterPort(Subnet)"/>. It follows from names and UID, so nothing else in
    /// the subnet may take it: whoever gives out MAC addresses there reserves it first.
    /// </summary>
    public static MacAddress RouterMac(string vpc, Subnet subnet) =>
        MacAddress.Generate(subnet.Metadata.Uid ?? "", Names.RouterPort(vpc, subnet.Metadata.Name));

    /// <summary>The MAC address that the router's port in a subnet has or is about to get.</summary>
    public static MacAddress RouterMac(string vpc, Subnet subnet, NorthboundSnapshot rows) =>
        InheritedMac(rows, Names.RouterPort(vpc, subnet.Metadata.Name)) ?? RouterMac(vpc, subnet);

    /// <summary>
    /// The MAC address of a router port that an earlier system wrote, which takes precedence over <see cref="RouterMac(string, Subnet)"/>; null for other
    /// ports.
    /// </summary>
    public static MacAddress? InheritedMac(NorthboundSnapshot rows, string routerPort) =>
        rows.ByName<LogicalRouterPort>(routerPort) is { Row: var port } && OwnerIds.IsInherited(port.ExternalIds)
        && MacAddress.TryParse(port.Mac, out var mac)
            ? mac
            : null;

    /// <summary>Whether a subnet has an OVN switch; others only give out addresses.</summary>
    public static bool IsOvn(Subnet subnet) => IsOvn(subnet.Spec);

    private static bool IsOvn(SubnetSpec spec) =>
        spec.Provider is null or "" or Names.DefaultProvider || spec.Provider.EndsWith("." + Names.DefaultProvider, StringComparison.Ordinal);
}
