using System.Globalization;
using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>Worlds made by code.</summary>
internal static class Worlds
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A VPC with pods, each with an OvnEip and a FIP that is served.</summary>
    public static World OneVpc(int fips)
    {
        var world = WithExternalSubnet("vpc");
        for (var i = 0; i < fips; i++)
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            AddPod(world, $"pod-{id}.ns", "inner-vpc", $"10.{i >> 14}.{i >> 7 & 127}.{(i & 127) + 2}");
            AddEip(world, $"eip-{id}", $"100.64.{i >> 7}.{(i & 127) + 2}");
            world.Fips.Add($"fip-{id}", new OvnFip
            {
                Metadata = new() { Name = $"fip-{id}", CreationTimestamp = Start, Finalizers = [Names.Finalizer] },
                Spec = new() { OvnEip = $"eip-{id}", IpName = $"pod-{id}.ns" },
            });
        }
        return world;
    }

    /// <summary>VPCs that are connected to one external subnet, each with a subnet <c>inner-VPC</c>.</summary>
    public static World WithExternalSubnet(params string[] vpcs)
    {
        var world = new World();
        world.Nodes.Add("node", new Node
        {
            Metadata = new()
            {
                Name = "node",
                Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = "chassis" },
            },
        });
        world.Subnets.Add("external204", new Subnet
        {
            Metadata = new() { Name = "external204" },
            Spec = new() { CidrBlock = "100.64.0.0/10", Gateway = "100.127.0.1", Vlan = "vlan" },
        });
        foreach (var vpc in vpcs)
        {
            world.Vpcs.Add(vpc, new Vpc { Metadata = new() { Name = vpc, Finalizers = [Names.Finalizer] }, Spec = new() { EnableExternal = true } });
            world.Subnets.Add($"inner-{vpc}", new Subnet
            {
                Metadata = new() { Name = $"inner-{vpc}" },
                Spec = new() { CidrBlock = "10.0.0.0/8", Gateway = "10.255.0.1", Vpc = vpc },
            });
            AddEip(world, $"{vpc}-external204", $"100.127.1.{world.Vpcs.Count}", EipTypes.Lrp);
        }
        return world;
    }

    public static void AddEip(World world, string name, string address, string type = EipTypes.Nat) => world.Eips.Add(name, new OvnEip
    {
        Metadata = new() { Name = name },
        Spec = new() { ExternalSubnet = "external204", Type = type },
        Status = new() { V4Ip = address, MacAddress = "02:00:00:00:00:01" },
    });

    public static void AddPod(World world, string name, string subnet, string address) => world.Ips.Add(name, new Ip
    {
        Metadata = new() { Name = name },
        Spec = new() { Subnet = subnet, V4IpAddress = address, MacAddress = "02:00:00:00:00:02" },
    });
}
