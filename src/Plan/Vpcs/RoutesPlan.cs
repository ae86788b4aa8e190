using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The routes of a VPC's router: those of spec.staticRoutes, and default routes for families and tables that have none of their own.
/// Other derived routes are never source routes: those of a whole subnet win against every shorter destination route on stock OVN, which
/// is what the routes over gateway nodes are for, see <see cref="BfdPlan"/>.
/// </summary>
internal static class RoutesPlan
{
    private const string Destination = LogicalRouterStaticRoute.PolicyValue.DstIp;

    /// <summary>Adds the routes; tells of each entry of the spec that can not be one.</summary>
    /// <param name="gatewayRoutes">The routes over gateway nodes.</param>
    /// <param name="unreachable">Is told of entries that lead nowhere for now; their rows are added all the same.</param>
    public static void AddRows(
        VpcRows rows,
        VpcInput input,
        ImmutableArray<ExternalConnection> connections,
        ImmutableArray<LogicalRouterStaticRoute> gatewayRoutes,
        RouterNetworks networks,
        ICollection<Refusal> refusals,
        ICollection<Refusal> unreachable)
    {
        var taken = new HashSet<(string Table, string? Policy, string Prefix)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (field, row) in Read(input.Vpc!.Spec, refusals))
        {
            networks.Check($"{field}.nextHopIP", row.Nexthop, unreachable);
            taken.Add((row.RouteTable, row.Policy, row.IpPrefix));
            if (seen.Add(NameOf(row))) rows.AddToRouter(NameOf(row), row, "static_routes");
        }

        foreach (var row in gatewayRoutes)
        {
            if (!taken.Contains((row.RouteTable, row.Policy, row.IpPrefix))) rows.AddToRouter(NameOf(row), row, "static_routes");
        }

        foreach (var (table, nextHop4, nextHop6) in Defaults(input, connections))
        {
            AddDefault(rows, taken, table, "0.0.0.0/0", nextHop4, "v4");
            AddDefault(rows, taken, table, "::/0", nextHop6, "v6");
        }
    }

    /// <summary>The entries of spec.staticRoutes, each with its place; tells of each that can not be a route.</summary>
    public static List<(string Field, LogicalRouterStaticRoute Row)> Read(VpcSpec spec, ICollection<Refusal> refusals)
    {
        var rows = new List<(string, LogicalRouterStaticRoute)>();
        var routes = spec.StaticRoutes ?? [];
        for (var i = 0; i < routes.Count; i++)
        {
            var field = $"spec.staticRoutes[{i}]";
            if (Read(routes[i], field, out var row) is { } refusal) refusals.Add(refusal);
            else rows.Add((field, row!));
        }
        return rows;
    }

    /// <summary>
    /// Where packets go that no other route matches. In the default VPC to the nodes, in every table that a subnet uses. In another VPC to
    /// the gateway of the default external subnet, or of the only external subnet there is.
    /// </summary>
    private static string NameOf(LogicalRouterStaticRoute row) => $"route/{row.RouteTable}/{row.Policy}/{row.IpPrefix}/{row.Nexthop}";

    private static IEnumerable<(string Table, string? NextHop4, string? NextHop6)> Defaults(
        VpcInput input, ImmutableArray<ExternalConnection> connections)
    {
        if (input.Name == input.Settings.DefaultVpc)
        {
            var join = input.Subnets.FirstOrDefault(subnet => subnet.Metadata.Name == input.Settings.NodeSwitch);
            if (join is null || !SubnetAddresses.TryRead(join.Spec, out var addresses, out _)) return [];
            return from table in input.Subnets.Select(subnet => subnet.Spec.RouteTable ?? "").Append("").Distinct(StringComparer.Ordinal)
                   select (table, addresses.Gateways.V4?.ToString(), addresses.Gateways.V6?.ToString());
        }
        return WayOut(input, connections) is { Refusal: null } way ? [("", way.V4Gateway, way.V6Gateway)] : [];
    }

    /// <summary>Through which connection a VPC that is not the default one reaches the world: the default external subnet, or the only one.</summary>
    public static ExternalConnection? WayOut(VpcInput input, ImmutableArray<ExternalConnection> connections) =>
        connections.FirstOrDefault(connection => connection.Subnet == input.Settings.DefaultExternalSubnet)
        ?? (connections.Length == 1 ? connections[0] : null);

    private static void AddDefault(
        VpcRows rows, HashSet<(string Table, string? Policy, string Prefix)> taken, string table, string prefix, string? nextHop, string family)
    {
        if (nextHop is null || taken.Contains((table, Destination, prefix))) return;

        var row = new LogicalRouterStaticRoute { IpPrefix = prefix, Nexthop = nextHop, Policy = Destination, RouteTable = table };
        rows.AddToRouter(table.Length == 0 ? $"route/default/{family}" : $"route/default/{family}/{table}", row, "static_routes");
    }

    private static Refusal? Read(StaticRoute route, string field, out LogicalRouterStaticRoute? row)
    {
        row = null;
        if (route.Policy is not (null or "" or RoutePolicies.Destination or RoutePolicies.Source))
        {
            return Invalid($"{field}.policy", route.Policy, $"{RoutePolicies.Destination} or {RoutePolicies.Source}");
        }
        var v4 = AddressText.Block(route.Cidr, IpFamily.V4);
        var prefix = v4 ?? AddressText.Block(route.Cidr, IpFamily.V6);
        if (prefix is null) return Invalid($"{field}.cidr", route.Cidr, "a CIDR or an address");

        var nextHop = AddressText.Address(route.NextHopIP, v4 is null ? IpFamily.V6 : IpFamily.V4);
        if (nextHop is null) return Invalid($"{field}.nextHopIP", route.NextHopIP, $"an {(v4 is null ? "IPv6" : "IPv4")} address");

        row = new()
        {
            IpPrefix = prefix,
            Nexthop = nextHop,
            Policy = route.Policy == RoutePolicies.Source ? LogicalRouterStaticRoute.PolicyValue.SrcIp : Destination,
            RouteTable = route.RouteTable ?? "",
            Options = string.IsNullOrEmpty(route.EcmpMode) ? StringMap.Empty : StringMap.Of((route.EcmpMode, "true")),
        };
        return null;
    }

    private static Refusal Invalid(string field, string? value, string wanted) =>
        new(Reasons.InvalidSpec, $"{field}: \"{value}\" is not {wanted}");
}
