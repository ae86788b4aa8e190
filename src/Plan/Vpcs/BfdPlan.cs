using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The BFD sessions of a VPC with spec.enableBfd: one to the gateway of each external subnet, there to be seen, and one to each gateway
/// node over which subnets with spec.enableEcmp leave. See docs/design/0009.
/// </summary>
public static class BfdPlan
{
    private const int LeastNextHops = 2;

    /// <summary>The key of <c>external_ids</c> that says on which chassis a session was made.</summary>
    private const string MadeOn = "chassis";

    /// <summary>What a row says of its session.</summary>
    public static BfdSession Read(Bfd row) => new(row.LogicalPort, row.DstIp, row.ExternalIds[MadeOn], row.Status);

    /// <summary>Adds the BFD rows.</summary>
    /// <returns>The routes over gateway nodes, each watched by one of the sessions.</returns>
    internal static ImmutableArray<LogicalRouterStaticRoute> AddSessions(
        VpcRows rows,
        VpcInput input,
        ImmutableArray<Subnet> attached,
        ImmutableArray<ExternalConnection> connections,
        ICollection<Refusal> problems)
    {
        if (input.Vpc!.Spec.EnableBfd != true) return [];

        foreach (var connection in connections)
        {
            if (connection.Refusal is not null) continue;
            if (connection.V4Gateway is { } v4) AddSession(rows, input, connection, v4);
            if (connection.V6Gateway is { } v6) AddSession(rows, input, connection, v6);
        }

        // Subnets of the default VPC leave through their nodes.
        if (input.Name == input.Settings.DefaultVpc || RoutesPlan.WayOut(input, connections) is not { Refusal: null } way) return [];

        var routes = ImmutableArray.CreateBuilder<LogicalRouterStaticRoute>();
        foreach (var family in (IpFamily[])[IpFamily.V4, IpFamily.V6])
        {
            var sources = Sources(input, attached, family, problems);
            if (sources.IsEmpty || !HasGateway(way, family)) continue;

            foreach (var nextHop in NextHops(input, way, family, problems))
            {
                if (!AddSession(rows, input, way, nextHop)) continue;
                routes.AddRange(sources.Select(source => Route(input, way, source, nextHop)));
            }
        }
        return routes.ToImmutable();
    }

    /// <summary>The CIDRs of one family that leave over gateway nodes, with their routing tables.</summary>
    private static ImmutableArray<(string Cidr, string Table)> Sources(
        VpcInput input, ImmutableArray<Subnet> attached, IpFamily family, ICollection<Refusal> problems)
    {
        var sources = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var subnet in attached.Where(subnet => subnet.Spec.EnableEcmp == true))
        {
            if (CidrOf(subnet, family) is not { } cidr) continue;
            var larger = attached.Where(other => CidrOf(other, family)?.PrefixLength < cidr.PrefixLength)
                .Select(other => other.Metadata.Name).Order(StringComparer.Ordinal).FirstOrDefault();
            if (larger is null)
            {
                sources.Add((cidr.ToString(), subnet.Spec.RouteTable ?? ""));
                continue;
            }
            // Stock OVN prefers the longer prefix, be it of the source or of the destination.
            problems.Add(new(
                Reasons.NotSupported,
                $"spec.enableBfd: routes by the source {cidr} of Subnet \"{subnet.Metadata.Name}\" (spec.enableEcmp) would keep its packets "
                + $"from Subnet \"{larger}\", whose CIDR is larger"));
        }
        return sources.ToImmutable();
    }

    /// <summary>
    /// The addresses of the gateway nodes that can be next hops.
    /// </summary>
    private static ImmutableArray<string> NextHops(VpcInput input, ExternalConnection way, IpFamily family, ICollection<Refusal> problems)
    {
        var nodes = input.GatewayNodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var candidates = (
            from eip in input.NodeEips
            where AddressHome.Of(eip, input.Settings.DefaultExternalSubnet) == way.Subnet
            where !eip.Metadata.IsDeleting && eip.Status?.Ready == true && nodes.ContainsKey(eip.Metadata.Name)
            let address = AddressText.Address(family == IpFamily.V4 ? eip.Status!.V4Ip : eip.Status!.V6Ip, family)
            where address is not null
            orderby eip.Metadata.Name
            select (Node: nodes[eip.Metadata.Name], Address: address)).ToList();
        if (candidates.Count < LeastNextHops)
        {
            var family4Or6 = family == IpFamily.V4 ? "IPv4" : "IPv6";
            problems.Add(new(
                Reasons.TooFewGateways,
                $"spec.enableBfd: subnets with spec.enableEcmp need {LeastNextHops} ready OvnEips of type lsp with {family4Or6} addresses "
                + $"from Subnet \"{way.Subnet}\" on gateway nodes, there {(candidates.Count == 1 ? "is 1" : "are none")}"));
            return [];
        }

        return [.. from hop in candidates where hop.Node.Ready select hop.Address];
    }

    private static LogicalRouterStaticRoute Route(VpcInput input, ExternalConnection way, (string Cidr, string Table) source, string nextHop) => new()
    {
        IpPrefix = source.Cidr,
        Nexthop = nextHop,
        Policy = LogicalRouterStaticRoute.PolicyValue.SrcIp,
        RouteTable = source.Table,
        Options = StringMap.Of(("ecmp_symmetric_reply", "true")),
        Bfd = RowRef.To(new(VpcRows.OwnerOf(input.Name), SessionId(way, nextHop))),
    };

    /// <summary>
    /// Adds a session, made by the chassis that carries the port. One that another chassis made is left out until ovn-northd has taken it
    /// back from the chassis, and then made anew: a chassis that takes a router port over never learns that a session is down which it has
    /// not seen up itself, so the session would be up for ever.
    /// </summary>
    /// <returns>Whether the session can be now.</returns>
    private static bool AddSession(VpcRows rows, VpcInput input, ExternalConnection connection, string peer)
    {
        var chassis = connection.Chassis[0];
        BfdSession? known = input.BfdSessions.Where(session => session.Port == connection.RouterPort && session.Peer == peer)
            .Select(session => (BfdSession?)session).FirstOrDefault();
        var isStale = known is null
            ? input.RunningBfd.Contains(new(connection.RouterPort, peer))
            : known.Value.Chassis is { } madeOn && madeOn != chassis;
        if (isStale) return false;

        var timers = input.Settings.Bfd;
        rows.Add(SessionId(connection, peer), new Bfd
        {
            LogicalPort = connection.RouterPort,
            DstIp = peer,
            MinTx = timers.MinTx,
            MinRx = timers.MinRx,
            DetectMult = timers.DetectMultiplier,
            ExternalIds = StringMap.Of((MadeOn, chassis)),
        });
        return true;
    }

    private static string SessionId(ExternalConnection connection, string peer) => $"bfd/{connection.RouterPort}/{peer}";

    private static bool HasGateway(ExternalConnection connection, IpFamily family) =>
        (family == IpFamily.V4 ? connection.V4Gateway : connection.V6Gateway) is not null;

    private static Cidr? CidrOf(Subnet subnet, IpFamily family) =>
        DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs) ? cidrs[family] : null;
}
