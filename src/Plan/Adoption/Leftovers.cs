using System.Collections.Immutable;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Adoption;

/// <summary>
/// Finds what Kube-OVN left behind and nobody wants. A row goes only when all of this holds: it has Kube-OVN's mark or is a chassis of a
/// port of ours, no plan has adopted it, it is of a kind that our plans write, and the object that it belonged to is gone or has been
/// planned, which takes over all rows that it wants at once. Rows of features that we do not have stay.
/// </summary>
public static class Leftovers
{
    /// <summary>Said by Kube-OVN about policies of features that we do not have.</summary>
    private static readonly string[] OtherFeatures =
        ["vpc-egress-gateway", "isU2ORoutePolicy", "isU2OOverlayOnlyRoutePolicy", "isU2ONoLBRoutePolicy", "anp", "sg"];

    /// <summary>Priorities of such policies: egress and NAT gateways, underlay to overlay, interconnection, node-local DNS.</summary>
    private static readonly long[] OtherPriorities = [29090, 29100, 29150, 29190, 29200, 29400, 29500, 30050, 30060, 30100];

    /// <summary>Switches that Kube-OVN makes without a Subnet: for interconnection, and of an external gateway.</summary>
    private static readonly string[] OtherSwitches = ["ts", "ovn-external"];

    /// <param name="externalSwitch">The switch of the external gateway, which may have no Subnet.</param>
    public static ImmutableArray<StoredRef> Find(NorthboundSnapshot nb, LiveObjects live, string externalSwitch)
    {
        var found = new List<StoredRef>();
        foreach (var router in nb.All<LogicalRouter>())
        {
            if (IsOwned(router, live))
                AddOfRouter(found, nb, router.Row, live);
            else if (IsLeft(router, live) && !live.Vpc(router.Row.Name))
                found.Add(StoredRef.To(router));
        }
        foreach (var row in nb.All<LogicalSwitch>())
        {
            var name = row.Row.Name;
            if (IsLeft(row, live) && !live.Subnet(name) && name != externalSwitch && !OtherSwitches.Contains(name))
                found.Add(StoredRef.To(row));
        }
        found.AddRange(nb.All<LogicalSwitchPort>().Where(row => IsLeft(row, live) && IsStray(nb, row.Row, live)).Select(StoredRef.To));
        found.AddRange(nb.All<PortGroup>().Where(row => IsLeft(row, live) && IsOfGateway(row.Row) && IsDecided(nb, row.Row.ExternalIds["subnet"]!, live)).Select(StoredRef.To));
        found.AddRange(nb.All<DhcpOptions>()
            .Where(row => IsLeft(row, live) && row.Row.ExternalIds["ls"] is { } subnet && !live.Subnet(subnet)).Select(StoredRef.To));
        AddBalancers(found, nb, live);
        return [.. found];
    }

    /// <summary>What is in a router of ours although its plan, which is carried out as a whole, does not want it.</summary>
    private static void AddOfRouter(List<StoredRef> found, NorthboundSnapshot nb, LogicalRouter router, LiveObjects live)
    {
        found.AddRange(Members<LogicalRouterStaticRoute>(nb, router.StaticRoutes).Where(row => IsLeft(row, live)).Select(StoredRef.To));
        found.AddRange(Members<LogicalRouterPolicy>(nb, router.Policies)
            .Where(row => IsLeft(row, live) && IsOfPlan(row.Row) && (row.Row.ExternalIds["subnet"] is not { } subnet || IsDecided(nb, subnet, live)))
            .Select(StoredRef.To));
        foreach (var port in Members<LogicalRouterPort>(nb, router.Ports))
        {
            var (name, prefix) = (port.Row.Name, $"{router.Name}-");
            if (IsOwned(port, live))
            {
                found.AddRange(Members<GatewayChassis>(nb, port.Row.GatewayChassis).Where(row => !IsOwned(row, live) && IsUnwanted(row.Row, name)).Select(StoredRef.To));
            }
            else if (IsLeft(port, live) && port.Row.Peer is null && name.StartsWith(prefix, StringComparison.Ordinal) && !live.Vpc(name[prefix.Length..]))
            {
                found.Add(StoredRef.To(port));
            }
        }
    }

    /// <summary>Kube-OVN does not mark them with its vendor, but with their port.</summary>
    private static bool IsUnwanted(GatewayChassis chassis, string port) =>
        chassis.ExternalIds.Count == 1 && chassis.ExternalIds["lrp"] == port && chassis.Name == $"{port}-{chassis.ChassisName}";

    private static bool IsOfPlan(LogicalRouterPolicy policy) =>
        !OtherPriorities.Contains(policy.Priority) && !OtherFeatures.Any(policy.ExternalIds.ContainsKey);

    private static bool IsOfGateway(PortGroup group) =>
        group.ExternalIds.ContainsKey("node") && group.ExternalIds["subnet"] is { } subnet
        && group.ExternalIds["np"] == $"{subnet}/{group.ExternalIds["node"]}";

    /// <summary>The port of a pod or a node that is gone, or of a router's port that is.</summary>
    private static bool IsStray(NorthboundSnapshot nb, LogicalSwitchPort port, LiveObjects live)
    {
        if (port.Type == "router")
            return port.Options["router-port"] is { } peer && nb.ByName<LogicalRouterPort>(peer) is null;
        if (port.Type.Length > 0 || live.Ip(port.Name))
            return false;
        const string ofNode = "node-";
        return port.ExternalIds["pod"] is { } pod
            ? !live.Pod(pod)
            : port.Name.StartsWith(ofNode, StringComparison.Ordinal) && !live.Node(port.Name[ofNode.Length..]);
    }

    /// <summary>Whether all that a subnet wants has been adopted.</summary>
    private static bool IsDecided(NorthboundSnapshot nb, string subnet, LiveObjects live) =>
        !live.Subnet(subnet) || (nb.ByName<LogicalSwitch>(subnet) is { } row && IsOwned(row, live));

    /// <summary>Those of DNAT rules, which are the only ones in routers; a rule that is gone leaves one without VIPs in no router.</summary>
    private static void AddBalancers(List<StoredRef> found, NorthboundSnapshot nb, LiveObjects live)
    {
        var left = nb.All<LoadBalancer>().Where(row => IsLeft(row, live) && !live.DnatRule(row.Row.Name) && !IsOfServices(row.Row.Name)).ToList();
        if (left.Count == 0)
            return;
        var inSwitches = nb.All<LogicalSwitch>().SelectMany(row => row.Row.LoadBalancer).ToHashSet();
        var inRouters = nb.All<LogicalRouter>().SelectMany(row => row.Row.LoadBalancer).ToHashSet();
        found.AddRange(left
            .Where(row => !inSwitches.Contains(RowRef.Of(row.Uuid)) && (row.Row.Vips.Count == 0 || inRouters.Contains(RowRef.Of(row.Uuid))))
            .Select(StoredRef.To));
    }

    /// <summary>The load balancers of a VPC and of the cluster, by the names that Kube-OVN gives them.</summary>
    private static bool IsOfServices(string name) =>
        name.EndsWith("-load", StringComparison.Ordinal) || name.EndsWith("-loadbalancer", StringComparison.Ordinal);

    private static IEnumerable<StoredRow<T>> Members<T>(NorthboundSnapshot nb, RefSet set)
        where T : OvnRow, INorthboundRow =>
        from reference in set.OfType<RowRef.ByUuid>()
        let row = nb.Find<T>(reference.Uuid)
        where row is not null
        select row.Value;

    private static bool IsOwned<T>(StoredRow<T> row, LiveObjects live)
        where T : OvnRow => row.Id is not null || live.WouldAdopt(row.Uuid);

    private static bool IsLeft<T>(StoredRow<T> row, LiveObjects live)
        where T : OvnRow => !IsOwned(row, live) && OwnerIds.IsInherited(row.Row.ExternalIds);
}
