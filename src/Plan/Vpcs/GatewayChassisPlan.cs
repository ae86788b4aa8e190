using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// On which chassis a VPC's external ports live. Each VPC has an order of its own (rendezvous hashing), so that the active gateways
/// spread over the nodes, and a node that joins or leaves moves only the VPCs that it wins or had won.
/// </summary>
internal static class GatewayChassisPlan
{
    private const int HighestPriority = 100;

    /// <summary>
    /// Names of the chassis, the preferred one first. The chassis of a node that is not ready comes last rather than not at all: OVN itself
    /// fails over between chassis, and a node without a kubelet may forward packets perfectly well. For the same reason the one that carries
    /// the port keeps its place: readiness alone moves no traffic away, it only decides who gets it back. See docs/design/0009.
    /// </summary>
    /// <param name="active">The chassis that carries the port; null when that is not known.</param>
    public static ValueList<string> Order(string vpc, ImmutableArray<GatewayNode> nodes, string? active) =>
        (from node in nodes
         where !string.IsNullOrEmpty(node.Chassis)
         group node by node.Chassis into sameChassis
         orderby sameChassis.Key == active || sameChassis.Any(node => node.Ready) descending, Weight(vpc, sameChassis.Key), sameChassis.Key
         select sameChassis.Key).ToValueList();

    /// <summary>
    /// The chassis that are dead as far as the others can see: those that would carry the port if they lived. None when it is not known
    /// who carries it.
    /// </summary>
    public static IEnumerable<string> Dead(ValueList<string> order, string? active) =>
        active is not null && order.Contains(active) ? order.TakeWhile(chassis => chassis != active) : [];

    /// <summary>Adds the Gateway_Chassis rows of one router port.</summary>
    public static void AddRows(VpcRows rows, string vpc, ExternalConnection connection)
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
                ExternalIds = StringMap.Of(("lrp", routerPort)),
            };
            rows.Add($"chassis/{row.Name}", row, port);
        }
    }

    private static string Weight(string vpc, string chassis) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(vpc + chassis)));
}
