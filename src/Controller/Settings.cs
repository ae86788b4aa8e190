using Sluice.Controller.Options;
using Sluice.Plan.Ports;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller;

/// <summary>What the command line means to plans.</summary>
internal static class Settings
{
    public static SubnetSettings Subnets(ControllerOptions options) => new()
    {
        DefaultVpc = options.ClusterRouter,
        DefaultSubnet = options.DefaultSubnet.Name,
        NodeSwitch = options.NodeSwitch,
        DefaultProvider = options.DefaultProviderName,
        EnableLb = options.EnableLb,
        ServiceCidrs = options.ServiceCidrs,
        NodeLocalDns = options.NodeLocalDns,
        TunnelOverhead = options.TunnelOverhead,
    };

    public static PodPermissions PodPermissions(ControllerOptions options) => new()
    {
        DefaultVpc = options.ClusterRouter,
        DefaultSubnet = options.DefaultSubnet.Name,
        NodeSubnet = options.NodeSwitch,
        ExternalSubnet = options.ExternalGatewaySwitch,
        IsEnforced = options.PodPermissions == PodPermissionModes.Enforce,
    };

    public static VpcSettings Vpcs(ControllerOptions options) => new()
    {
        DefaultVpc = options.ClusterRouter,
        NodeSwitch = options.NodeSwitch,
        DefaultExternalSubnet = options.ExternalGatewaySwitch,
        EnableEipSnat = options.EnableEipSnat,
        Bfd = new(options.BfdMinTx, options.BfdMinRx, options.BfdDetectMultiplier),
        ExternalProvider = options.ExternalGatewayNet,
        ExternalVlan = options.ExternalGatewayVlanId,
    };
}
