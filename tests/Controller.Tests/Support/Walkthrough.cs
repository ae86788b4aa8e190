using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Support;

/// <summary>The manifests of deploy/examples/seed, applied as they are.</summary>
internal static class Walkthrough
{
    private static readonly string Examples = Path.Combine(ApiServerFixture.Repository(), "deploy/examples/seed");

    /// <summary>Three gateway nodes, the networks, the pods, and the rules; returns when all of it works.</summary>
    /// <param name="rules">Whether to apply OvnEips and the rules that use them.</param>
    public static async Task ApplyAsync(ApiServerFixture server, World world, bool rules = true)
    {
        for (var i = 1; i <= 3; i++)
        {
            var node = Objects.Node($"pc-node-{i}", $"172.18.0.{i}");
            var metadata = node.Metadata with
            {
                Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = $"chassis-{i}" },
            };
            await world.CreateAsync(CoreResources.Nodes, node with { Metadata = metadata });
        }
        foreach (var folder in (string[])["1.1-underlay-network", "1.3-custom-vpc", "pods"])
            await server.KubectlAsync("apply", "-f", Path.Combine(Examples, folder));
        for (var i = 1; i <= 5; i++)
            await world.EventuallyAsync(SluiceResources.Ips, $"vpc-1-busybox0{i}.vpc1", ip => ip.Spec.V4IpAddress?.StartsWith("192.168.0.", StringComparison.Ordinal) == true);
        if (!rules)
            return;

        foreach (var folder in (string[])["2-eip", "2.1-fip-for-pod", "2.2-fip-for-vip", "3.1-snat-for-subnet", "3.2-snat-for-pod"])
            await server.KubectlAsync("apply", "-f", Path.Combine(Examples, folder));
        await world.EventuallyAsync(SluiceResources.OvnFips, "eip-static", rule => rule.Status?.Ready == true);
        await world.EventuallyAsync(SluiceResources.OvnFips, "eip-for-vip", rule => rule.Status?.Ready == true);
        await world.EventuallyAsync(SluiceResources.OvnSnatRules, "snat-for-subnet-in-vpc", rule => rule.Status?.Ready == true);
        await world.EventuallyAsync(SluiceResources.OvnSnatRules, "snat01", rule => rule.Status?.Ready == true);
        await world.Controller.SettleAsync();
    }
}
