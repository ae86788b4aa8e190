using Sluice.Metrics;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Http;

/// <summary>Which gateway nodes carry the external ports of VPCs, and what their BFD sessions say: what the statuses of Vpcs say.</summary>
internal static class GatewayMetrics
{
    public static void Write(MetricsText text, Cluster cluster)
    {
        var vpcs = cluster.Vpcs.Snapshot.All;
        text.Family("sluice_gateway_active", "gauge", "1 for the gateway node that carries a VPC's port in an external subnet.");
        foreach (var vpc in vpcs)
        {
            foreach (var gateway in vpc.Status?.Gateways ?? [])
                text.Sample(1, ("vpc", vpc.Metadata.Name), ("subnet", gateway.Subnet ?? ""), ("node", gateway.Node ?? ""));
        }
        text.Family("sluice_bfd_session_up", "gauge", "1 while a BFD session of a VPC's router is up.");
        foreach (var vpc in vpcs)
        {
            foreach (var session in vpc.Status?.BfdSessions ?? [])
            {
                var up = session.State == Bfd.StatusValue.Up ? 1 : 0;
                text.Sample(up, ("vpc", vpc.Metadata.Name), ("port", session.Port ?? ""), ("peer", session.Peer ?? ""));
            }
        }
    }
}
