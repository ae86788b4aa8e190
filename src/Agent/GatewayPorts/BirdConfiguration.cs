using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>What BIRD is told: to speak BFD and nothing else. See the chapters BFD and Device of BIRD's manual.</summary>
internal static class BirdConfiguration
{
    /// <param name="sessions">Our address and the router's; at least one.</param>
    public static string For(ImmutableArray<(IpAddress Local, IpAddress Router)> sessions)
    {
        // Routing protocols tell routers apart by this; here it only has to be there.
        const string AnyRouterId = "192.0.2.1";
        var id = sessions.Select(session => session.Local).Where(local => local.Family == IpFamily.V4).Select(local => local.ToString()).FirstOrDefault(AnyRouterId);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            # Written by sluice-agent; changes are overwritten.
            router id {{id}};
            protocol device { scan time 10; }
            protocol bfd {
              accept direct;
              interface "{{GatewayPortPlan.LinkName}}" {
                min rx interval 100 ms;
                min tx interval 100 ms;
                multiplier 3;
                idle tx interval 1000 ms;
              };

            """);
        foreach (var (local, router) in sessions)
            text.Append(CultureInfo.InvariantCulture, $"  neighbor {router} dev \"{GatewayPortPlan.LinkName}\" local {local};\n");
        return text.Append("}\n").ToString();
    }
}
