using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Tests.Adoption;

namespace Sluice.Controller.Tests.Adoption;

/// <summary>Makes a world look as if Kube-OVN had made it.</summary>
internal static class KubeOvnHandOver
{
    /// <summary>Replaces what our controller wrote by what Kube-OVN would have.</summary>
    public static async Task RunAsync(World world, KubeOvnRelease release, Action<KubeOvnRows>? extra = null)
    {
        await world.Controller.SettleAsync();
        await world.StopControllerAsync();
        var rows = await new KubeOvnRows(world.Kube, release).WriteAsync(extra);
        foreach (var table in (string[])["Logical_Router", "Logical_Switch", "Load_Balancer", "BFD", "Port_Group", "DHCP_Options"])
            await world.NbctlAsync("--all", "destroy", table);
        await world.NbctlAsync([.. rows]);
        await WithoutConditionsAsync(world, SluiceResources.Vpcs);
        await WithoutConditionsAsync(world, SluiceResources.Subnets);
        await WithoutConditionsAsync(world, SluiceResources.OvnEips);
        await WithoutConditionsAsync(world, SluiceResources.OvnFips);
        await WithoutConditionsAsync(world, SluiceResources.OvnSnatRules);
        await WithoutConditionsAsync(world, SluiceResources.OvnDnatRules);
    }

    /// <summary>Kube-OVN writes no conditions.</summary>
    private static async Task WithoutConditionsAsync<T>(World world, ResourceType<T> type)
        where T : KubeObject
    {
        var patch = Patch.Merge(new() { ["status"] = new JsonObject { ["conditions"] = null } });
        foreach (var item in (await world.Kube.ListAsync(type)).Items)
            await world.Kube.PatchAsync(type, null, item.Metadata.Name, patch, "status");
    }
}
