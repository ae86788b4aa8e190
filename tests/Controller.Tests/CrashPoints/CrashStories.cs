using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>The stories, all of which begin with a VPC that is connected to an external network. Addresses are named, so that each run ends alike.</summary>
internal static class CrashStories
{
    public static IReadOnlyList<CrashStory> All { get; } =
    [
        new("create EIPs and rules", CreateNetworkAsync, CreateRulesAsync),
        new("move a FIP to another EIP and pod", CreateAllAsync, MoveFipAsync),
        new("delete everything", CreateAllAsync, DeleteAllAsync),
        new("exchange gateway nodes", CreateAllAsync, ExchangeGatewaysAsync),
        new("create a pod anew with another address", CreateAllAsync, RecreatePodAsync),
        new("move a Vip", CreateAllAsync, MoveVipAsync),
        new("delete the VPC and its subnet in use", CreateAllAsync, DeleteNetworkAsync),
    ];

    /// <summary>A connected VPC <c>vpc1</c> with pods <c>p1</c> and <c>p2</c> and a Vip; returns when they have their addresses.</summary>
    public static async Task CreateNetworkAsync(World world)
    {
        for (var i = 1; i <= 2; i++)
            await world.CreateAsync(CoreResources.Nodes, Gateway(i));
        await world.CreateAsync(SluiceResources.ProviderNetworks, Objects.ProviderNetwork);
        await world.CreateAsync(SluiceResources.Vlans, Objects.Vlan);
        await world.CreateAsync(SluiceResources.Subnets, Objects.ExternalSubnet);
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1" }, Spec = new() { EnableExternal = true } });
        await world.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new() { Name = "inner" },
            Spec = new() { Vpc = "vpc1", CidrBlock = "192.168.1.0/24,fd00:1::/64", Gateway = "192.168.1.1,fd00:1::1" },
        });
        await world.CreateAsync(CoreResources.Pods, Pod("p1", 11));
        await world.CreateAsync(CoreResources.Pods, Pod("p2", 12));
        await world.CreateAsync(SluiceResources.Vips, Vip(21));
        await world.EventuallyAsync(SluiceResources.Ips, "p1.default", _ => true);
        await world.EventuallyAsync(SluiceResources.Ips, "p2.default", _ => true);
        await world.EventuallyAsync(SluiceResources.Vips, "vip1", vip => vip.Status?.V4ip is not null);
    }

    private static async Task CreateRulesAsync(World world)
    {
        for (var i = 1; i <= 5; i++)
            await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip($"e{i}", $"10.5.204.15{i}"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "e1", "p1.default"));
        await world.CreateAsync(SluiceResources.OvnFips, new OvnFip
        {
            Metadata = new() { Name = "vip-fip" },
            Spec = new() { OvnEip = "e2", IpType = IpTypes.Vip, IpName = "vip1" },
        });
        await world.CreateAsync(SluiceResources.OvnSnatRules, new OvnSnatRule
        {
            Metadata = new() { Name = "snat" },
            Spec = new() { OvnEip = "e3", VpcSubnet = "inner" },
        });
        await world.CreateAsync(SluiceResources.OvnDnatRules, new OvnDnatRule
        {
            Metadata = new() { Name = "dnat" },
            Spec = new() { OvnEip = "e4", IpName = "p2.default", Protocol = "tcp", ExternalPort = "80", InternalPort = "8080" },
        });
    }

    private static async Task CreateAllAsync(World world)
    {
        await CreateNetworkAsync(world);
        await CreateRulesAsync(world);
    }

    private static Task MoveFipAsync(World world) => world.Kube.PatchAsync(
        SluiceResources.OvnFips, null, "fip", Patch.Merge(new() { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["ovnEip"] = "e5", ["ipName"] = "p2.default" } }));

    private static async Task DeleteAllAsync(World world)
    {
        await world.DeleteAsync(SluiceResources.OvnEips, "e5");
        for (var i = 1; i <= 4; i++)
            await world.DeleteAsync(SluiceResources.OvnEips, $"e{i}");
        await DeleteNetworkAsync(world);
        await world.DeleteAsync(SluiceResources.OvnDnatRules, "dnat");
        await world.DeleteAsync(SluiceResources.OvnSnatRules, "snat");
        await world.DeleteAsync(SluiceResources.OvnFips, "fip");
        await world.DeleteAsync(SluiceResources.OvnFips, "vip-fip");
        await world.DeleteAsync(SluiceResources.Vips, "vip1");
        await world.DeleteAsync(CoreResources.Pods, "p1", "default");
        await world.DeleteAsync(CoreResources.Pods, "p2", "default");
        await world.DeleteAsync(SluiceResources.Subnets, "external204");
        await world.DeleteAsync(SluiceResources.Vlans, "vlan204");
        await world.DeleteAsync(SluiceResources.ProviderNetworks, "external204");
        for (var i = 1; i <= 2; i++)
            await world.DeleteAsync(CoreResources.Nodes, $"n{i}");
    }

    private static async Task ExchangeGatewaysAsync(World world)
    {
        await world.CreateAsync(CoreResources.Nodes, Gateway(3));
        await world.DeleteAsync(CoreResources.Nodes, "n1");
        await world.Kube.PatchAsync(CoreResources.Nodes, null, "n2", Patch.Merge(new()
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["annotations"] = new System.Text.Json.Nodes.JsonObject { [Names.Annotations.Chassis] = "chassis-9" } },
        }));
    }

    private static async Task RecreatePodAsync(World world)
    {
        await world.DeleteAsync(CoreResources.Pods, "p1", "default");
        await world.CreateAsync(CoreResources.Pods, Pod("p1", 31));
    }

    private static async Task MoveVipAsync(World world)
    {
        await world.DeleteAsync(SluiceResources.OvnFips, "vip-fip");
        await world.DeleteAsync(SluiceResources.Vips, "vip1");
        await world.CreateAsync(SluiceResources.Vips, Vip(41) with { Metadata = new() { Name = "vip2" } });
        await world.CreateAsync(SluiceResources.OvnFips, new OvnFip
        {
            Metadata = new() { Name = "vip2-fip" },
            Spec = new() { OvnEip = "e2", IpType = IpTypes.Vip, IpName = "vip2" },
        });
    }

    private static async Task DeleteNetworkAsync(World world)
    {
        await world.DeleteAsync(SluiceResources.Vpcs, "vpc1");
        await world.DeleteAsync(SluiceResources.Subnets, "inner");
    }

    private static Pod Pod(string name, int host) => Objects.Pod(name, annotations: new Dictionary<string, string>
    {
        [PodAnnotations.Default.LogicalSwitch] = "inner",
        [PodAnnotations.Default.IpAddress] = $"192.168.1.{host},fd00:1::{host}",
    });

    private static Vip Vip(int host) => new()
    {
        Metadata = new() { Name = "vip1" },
        Spec = new() { Subnet = "inner", V4ip = $"192.168.1.{host}", V6ip = $"fd00:1::{host}" },
    };

    private static Node Gateway(int number)
    {
        var node = Objects.Node($"n{number}", $"172.18.0.{number}");
        return node with
        {
            Metadata = node.Metadata with
            {
                Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = $"chassis-{number}" },
            },
        };
    }
}
