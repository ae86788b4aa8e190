using Sluice.Agent.Options;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Nodes;

/// <summary>The subnets of the default VPC whose packets go through tunnels: the node's own stack reaches them by its port.</summary>
internal static class OverlaySubnets
{
    /// <summary>Whether a subnet is one of them; that of the node ports is, too.</summary>
    public static bool Includes(Subnet subnet, AgentOptions options) =>
        !subnet.Metadata.IsDeleting
        && (string.IsNullOrEmpty(subnet.Spec.Vpc) || subnet.Spec.Vpc == options.ClusterRouter)
        && string.IsNullOrEmpty(subnet.Spec.Vlan)
        && (string.IsNullOrEmpty(subnet.Spec.Provider) || subnet.Spec.Provider == Names.DefaultProvider);

    /// <summary>The blocks of a subnet; none when its spec can not be read.</summary>
    public static IEnumerable<Cidr> Cidrs(Subnet subnet) =>
        DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs) ? cidrs.ToArray() : [];
}
