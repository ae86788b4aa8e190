using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Controller.Writers;

namespace Sluice.Controller;

/// <summary>Creates the objects that every cluster has: the default VPC, the subnet of its pods and the one that joins the nodes to it.</summary>
public static class Bootstrap
{
    /// <summary>Objects that exist are left as they are.</summary>
    public static async Task RunAsync(Cluster cluster, ObjectWriter objects, ControllerOptions options, CancellationToken cancellation)
    {
        if (cluster.Vpcs.Find(options.ClusterRouter) is null)
            await objects.CreateAsync(cluster.Vpcs, new Vpc { Metadata = new() { Name = options.ClusterRouter } }, cancellation);
        if (cluster.Subnets.Find(options.DefaultSubnet.Name) is null)
            await objects.CreateAsync(cluster.Subnets, DefaultSubnet(options), cancellation);
        if (cluster.Subnets.Find(options.NodeSwitch) is null)
            await objects.CreateAsync(cluster.Subnets, JoinSubnet(options), cancellation);
    }

    private static Subnet DefaultSubnet(ControllerOptions options) => new()
    {
        Metadata = new() { Name = options.DefaultSubnet.Name },
        Spec = new()
        {
            Default = true,
            Vpc = options.ClusterRouter,
            Provider = Names.DefaultProvider,
            CidrBlock = options.DefaultSubnet.Cidr,
            Gateway = options.DefaultSubnet.Gateway,
            ExcludeIps = options.DefaultSubnet.ExcludeIps
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToValueList(),
            GatewayType = GatewayTypes.Distributed,
            NatOutgoing = true,
            DisableGatewayCheck = !options.DefaultSubnet.GatewayCheck,
            LogicalGateway = options.DefaultSubnet.LogicalGateway,
        },
    };

    private static Subnet JoinSubnet(ControllerOptions options) => new()
    {
        Metadata = new() { Name = options.NodeSwitch },
        Spec = new()
        {
            Vpc = options.ClusterRouter,
            Provider = Names.DefaultProvider,
            CidrBlock = options.NodeSwitchCidr,
            Gateway = options.NodeSwitchGateway,
            DisableInterConnection = true,
        },
    };
}
