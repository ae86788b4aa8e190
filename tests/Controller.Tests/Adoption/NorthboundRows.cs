using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Adoption;

/// <summary>A row as a test compares it before and after.</summary>
/// <param name="What">Its table and what tells it from others there.</param>
/// <param name="Owner">Whose it is; null when it is not one of ours.</param>
internal sealed record NorthboundRow(Guid Uuid, string What, OwnerKey? Owner);

/// <summary>All rows of the tables that Kube-OVN and we write.</summary>
internal static class NorthboundRows
{
    public static IReadOnlyList<NorthboundRow> Of(NorthboundSnapshot nb) =>
    [
        .. All<LogicalRouter>(nb, row => $"Logical_Router {row.Name}"),
        .. All<LogicalRouterPort>(nb, row => $"Logical_Router_Port {row.Name}"),
        .. All<LogicalRouterPolicy>(nb, row => $"Logical_Router_Policy {row.Priority} {row.Match}"),
        .. All<LogicalRouterStaticRoute>(nb, row => $"Logical_Router_Static_Route {row.Policy} {row.IpPrefix} {row.Nexthop}"),
        .. All<LogicalSwitch>(nb, row => $"Logical_Switch {row.Name}"),
        .. All<LogicalSwitchPort>(nb, row => $"Logical_Switch_Port {row.Name}"),
        .. All<GatewayChassis>(nb, row => $"Gateway_Chassis {row.Name}"),
        .. All<Nat>(nb, row => $"NAT {row.Type} {row.ExternalIp} {row.LogicalIp}"),
        .. All<LoadBalancer>(nb, row => $"Load_Balancer {row.Name}"),
        .. All<Bfd>(nb, row => $"BFD {row.LogicalPort} {row.DstIp}"),
        .. All<PortGroup>(nb, row => $"Port_Group {row.Name}"),
    ];

    private static IEnumerable<NorthboundRow> All<T>(NorthboundSnapshot nb, Func<T, string> describe)
        where T : OvnRow, INorthboundRow =>
        nb.All<T>().Select(row => new NorthboundRow(row.Uuid, describe(row.Row), row.Id?.Owner));
}
