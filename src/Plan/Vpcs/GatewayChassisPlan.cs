using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
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
    /// fails over between chassis, and a node without a kubelet may forward packets perfectly well.
    /// </summary>
    public static ImmutableArray<string> Order(string vpc, ImmutableArray<GatewayNode> nodes) =>
    [
        .. from node in nodes
           where !string.IsNullOrEmpty(node.Chassis)
           group node by node.Chassis into sameChassis
           orderby sameChassis.Any(node => node.Ready) descending, Weight(vpc, sameChassis.Key), sameChassis.Key
           select sameChassis.Key,
    ];

    /// <summary>Adds the Gateway_Chassis rows of one router port.</summary>
    public static void AddRows(VpcRows rows, string vpc, ExternalConnection connection, ImmutableArray<string> chassis)
    {
        var routerPort = connection.RouterPort;
        var port = new Attachment("Logical_Router_Port", VpcRows.RouterPort(vpc, connection.Subnet), "gateway_chassis");
        for (var i = 0; i < chassis.Length; i++)
        {
            var row = new GatewayChassis
            {
                Name = $"{routerPort}-{chassis[i]}",
                ChassisName = chassis[i],
                Priority = Math.Max(0, HighestPriority - i),
                ExternalIds = StringMap.Of(("lrp", routerPort)),
            };
            rows.Add($"chassis/{row.Name}", row, port);
        }
    }

    private static string Weight(string vpc, string chassis) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(vpc + chassis)));
}
