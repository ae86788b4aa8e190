using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// On which chassis a VPC's external ports live. Each VPC has an order of its own (rendezvous hashing), so that the active gateways
/// spread over the nodes, and a node that leaves moves only the VPCs that it carried.
/// </summary>
public static class GatewayChassisPlan
{
    private const int HighestPriority = 100;

    /// <summary>The key of <c>external_ids</c> that names the router port.</summary>
    private const string RouterPort = "lrp";

    /// <summary>
    /// Names of the chassis, the preferred one first: that is the one that carries the port. A chassis that comes back, joins or becomes
    /// ready is a standby (RFC 5798 calls it no preemption): OVN would have it take the port before its tunnels work, and packets would be
    /// lost for nothing. The chassis of a node that is not ready comes last rather than not at all, since a node without a kubelet may
    /// forward packets perfectly well. Only a node that is known not to reach the external network gives up the port, and only to one that
    /// does: OVN watches chassis, not their NICs. Those that are not part of the network are left out while there are others. See docs/design/0009.
    /// </summary>
    /// <param name="network">The provider network of the port; null when it is not known.</param>
    /// <param name="active">Where the port is; null when that is not known.</param>
    internal static ValueList<string> Order(string vpc, ImmutableArray<GatewayNode> nodes, ProviderNetwork? network, ActiveGateway? active)
    {
        var candidates = (
            from node in nodes
            where !string.IsNullOrEmpty(node.Chassis)
            group node by node.Chassis into sameChassis
            select (Chassis: sameChassis.Key, Ready: sameChassis.Any(node => node.Ready), Reach: sameChassis.Min(node => GatewayReaches.Of(node, network))))
            .ToList();
        if (candidates.Any(candidate => candidate.Reach != GatewayReach.Excluded)) candidates.RemoveAll(candidate => candidate.Reach == GatewayReach.Excluded);
        var works = candidates.Any(candidate => candidate.Reach == GatewayReach.Works);
        return (
            from candidate in candidates
            orderby candidate.Chassis == active?.Chassis && !(works && candidate.Reach > GatewayReach.Unknown) descending,
                candidate.Reach,
                candidate.Ready descending,
                active?.RankOf(candidate.Chassis),
                Weight(vpc, candidate.Chassis),
                candidate.Chassis
            select candidate.Chassis).ToValueList();
    }

    /// <summary>The chassis of a router port as rows have them, the preferred one first.</summary>
    public static IEnumerable<string> Read(IEnumerable<GatewayChassis> rows, string routerPort) =>
        from row in rows
        where row.ExternalIds[RouterPort] == routerPort
        orderby row.Priority descending, row.ChassisName
        select row.ChassisName;

    /// <summary>Adds the Gateway_Chassis rows of one router port.</summary>
    internal static void AddRows(VpcRows rows, string vpc, ExternalConnection connection)
    {
        var routerPort = connection.RouterPort;
        var port = new Attachment("Logical_Router_Port", VpcRows.RouterPort(vpc, connection.Subnet), "gateway_chassis");
        var priority = HighestPriority;
        foreach (var chassis in connection.Chassis)
        {
            var row = new GatewayChassis
            {
                Name = $"{routerPort}-{chassis}",
                ChassisName = chassis,
                Priority = Math.Max(0, priority--),
                ExternalIds = StringMap.Of((RouterPort, routerPort)),
            };
            rows.Add($"chassis/{row.Name}", row, port);
        }
    }

    private static string Weight(string vpc, string chassis) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(vpc + chassis)));
}
