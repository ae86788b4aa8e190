using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Plan.Addresses;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller;

/// <summary>What objects mean when their spec does not say.</summary>
/// <param name="Vpc">The VPC of a subnet.</param>
/// <param name="Subnet">The subnet of a pod.</param>
/// <param name="NodeSubnet">The subnet of node ports.</param>
/// <param name="ExternalSubnet">The subnet of an OvnEip.</param>
/// <param name="ProviderNetwork">The provider network of a Vlan.</param>
public sealed record Defaults(string Vpc, string Subnet, string NodeSubnet, string ExternalSubnet, string ProviderNetwork)
{
    public static Defaults From(ControllerOptions options) => new(
        options.ClusterRouter,
        options.DefaultSubnet.Name,
        options.NodeSwitch,
        options.ExternalGatewaySwitch,
        options.DefaultProviderName);

    /// <summary>The VPC of a subnet; null for one that another CNI plugs.</summary>
    public string? VpcOf(Subnet subnet) => !string.IsNullOrEmpty(subnet.Spec.Vpc) ? subnet.Spec.Vpc : SubnetPorts.IsOvn(subnet) ? Vpc : null;

    /// <summary>
    /// The subnet of an OvnEip's addresses: where it got them, else where it asks for them. So a changed flag moves no address.
    /// </summary>
    public string SubnetOf(OvnEip eip) => AddressHome.Of(eip, ExternalSubnet);
}
