using Sluice.Api;
using Sluice.Ovn.Northbound;
using Sluice.Plan;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Reading;

/// <summary>What the controller would do about one subnet and what is below it now, worked out by its own plans.</summary>
public static class SubnetForecast
{
    public static SubnetPlan For(Survey survey, Subnet subnet)
    {
        var objects = survey.Objects;
        var settings = objects.Controller.Subnets;
        var vpc = SubnetPorts.VpcOf(subnet, settings.DefaultVpc);
        var vlan = objects.Vlans.Find(subnet.Spec.Vlan);
        return SubnetPlan.For(new()
        {
            Subnet = subnet,
            Settings = settings,
            Vpc = objects.Vpcs.Find(vpc),
            VpcHasItsName = objects.Vpcs.Find(subnet.Metadata.Name) is not null,
            Vlan = vlan,
            VlanRival = vlan is null ? null : VlanPlan.Rival(vlan, Siblings(objects, vlan)),
            Siblings = [.. objects.SubnetsOf(vpc).Where(other => other.Metadata.Name != subnet.Metadata.Name)],
            Nodes = vpc == settings.DefaultVpc ? [.. objects.Nodes.All.Select(node => Node(objects, node))] : [],
            NodeCidrs = Cidrs(subnet.Spec.Private == true ? objects.Subnets.Find(settings.NodeSwitch) : null),
            DhcpRows = DhcpRows(survey, subnet.Metadata.Name),
        });
    }

    /// <summary>How a Vlan fares; blocked when an older one has its tag, or its provider network does not exist.</summary>
    public static Outcome For(ClusterObjects objects, Vlan vlan)
    {
        var provider = objects.Controller.Subnets.DefaultProvider;
        return VlanPlan.For(new()
        {
            Vlan = vlan,
            DefaultProvider = provider,
            Siblings = [.. Siblings(objects, vlan)],
            ProviderNetwork = objects.ProviderNetworks.Find(VlanPlan.ProviderOf(vlan, provider)),
        }).Outcome;
    }

    private static IEnumerable<Vlan> Siblings(ClusterObjects objects, Vlan vlan)
    {
        var provider = objects.Controller.Subnets.DefaultProvider;
        return objects.Vlans.All.Where(other =>
            other.Metadata.Name != vlan.Metadata.Name && VlanPlan.ProviderOf(other, provider) == VlanPlan.ProviderOf(vlan, provider));
    }

    private static SubnetNode Node(ClusterObjects objects, Kube.Core.Node node) =>
        new(node, DualStack<IpAddress>.TryParse(objects.Ips.Find(Names.NodePort(node.Metadata.Name))?.Spec.IpAddress, out var both) ? both : default);

    private static DualStack<Cidr> Cidrs(Subnet? subnet) => DualStack<Cidr>.TryParse(subnet?.Spec.CidrBlock, out var cidrs) ? cidrs : default;

    private static DhcpRowIds DhcpRows(Survey survey, string subnet)
    {
        var owned = survey.Northbound.Owned<DhcpOptions>(SubnetPlan.OwnerOf(subnet)).ToList();
        return new(Find(SubnetProtocols.IPv4), Find(SubnetProtocols.IPv6));

        Guid? Find(string protocol) =>
            owned.Where(stored => stored.Row.ExternalIds["protocol"] == protocol).Select(stored => (Guid?)stored.Uuid).FirstOrDefault();
    }
}
