using Sluice.Api;
using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Subnets;

/// <summary>
/// The defaults that other tools read from a subnet's spec, which is why they are stored there, see docs/design/0003. Filling in twice
/// changes nothing more.
/// </summary>
public static class SubnetDefaults
{
    public static SubnetSpec Fill(Subnet subnet, SubnetAddresses addresses, SubnetSettings settings)
    {
        var (name, spec) = (subnet.Metadata.Name, subnet.Spec);
        var isOvn = SubnetPorts.IsOvn(subnet);
        var vpc = !string.IsNullOrEmpty(spec.Vpc) ? spec.Vpc : isOvn ? settings.DefaultVpc : spec.Vpc;
        return spec with
        {
            Provider = string.IsNullOrEmpty(spec.Provider) ? Names.DefaultProvider : spec.Provider,
            Vpc = vpc,
            Default = name == settings.DefaultSubnet ? true : spec.Default == true ? false : spec.Default,
            Protocol = addresses.Protocol,
            CidrBlock = addresses.Cidrs.IsEmpty ? spec.CidrBlock : addresses.Cidrs.ToString(),
            Gateway = addresses.Cidrs.IsEmpty ? spec.Gateway : addresses.Gateways.ToString(),
            ExcludeIps = addresses.Cidrs.IsEmpty ? spec.ExcludeIps : Excluded(addresses),
            GatewayType = HasNodeGateway(name, vpc, settings) && string.IsNullOrEmpty(spec.GatewayType) ? GatewayTypes.Distributed : spec.GatewayType,
            EnableLb = spec.EnableLb ?? (isOvn && name != settings.NodeSwitch ? settings.EnableLb : null),
        };
    }

    /// <summary>Whether traffic of the subnet leaves through nodes: in the default VPC, but for the subnet that leads to them.</summary>
    public static bool HasNodeGateway(string subnet, string? vpc, SubnetSettings settings) =>
        vpc == settings.DefaultVpc && subnet != settings.NodeSwitch;

    private static ValueList<string> Excluded(SubnetAddresses addresses) =>
        addresses.Excluded.Select(range => range.Size == 1 ? range.First.ToString() : range.ToString()).ToValueList();
}
