namespace Sluice.Lab.Tests.Databases;

/// <summary>A lab whose OVN databases are clusters of three, with a VPC that has a pod on each of two nodes.</summary>
public sealed class ClusterLab() : FullLab(new LabOptions { Nodes = 2, CentralMembers = 3 })
{
    public const string Near = "shop/near", Far = "shop/far";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await ApplyAsync(Manifests.Namespace("shop")
            + Manifests.Of("ProviderNetwork", "external204", "defaultInterface: vlan")
            + Manifests.Of("Vlan", "vlan204", "id: 204, provider: external204"));
        await ApplyReadyAsync(
            Manifests.Of("Subnet", "external204",
                "protocol: IPv4, cidrBlock: 10.5.204.0/24, gateway: 10.5.204.254, vlan: vlan204, excludeIps: [10.5.204.1..10.5.204.100]")
            + Manifests.Of("Vpc", "shop", "namespaces: [shop], enableExternal: true")
            + Manifests.Of("Subnet", "shop-net", "protocol: IPv4, cidrBlock: 192.168.1.0/24, vpc: shop, namespaces: [shop]"));
        await ApplyReadyAsync(Manifests.Pod(Near, Lab.Nodes[0].Name) + Manifests.Pod(Far, Lab.Nodes[1].Name)
            + Manifests.Eip("far", "externalSubnet: external204") + Manifests.Of("OvnFip", "far", "ovnEip: far, ipName: far.shop")
            + Manifests.Eip("all", "externalSubnet: external204") + Manifests.Of("OvnSnatRule", "all", "ovnEip: all, vpcSubnet: shop-net"));
    }

    /// <summary>Plans and databases have to agree; which of three files a transaction is stored in first is nobody's business.</summary>
    public override async Task DisposeAsync()
    {
        try
        {
            await SettleAsync();
            await Eventually.SucceedsAsync(Lab.Ko("diff"));
        }
        finally
        {
            await LabCluster.DownAsync(Lab.Layout.Name);
        }
    }
}
