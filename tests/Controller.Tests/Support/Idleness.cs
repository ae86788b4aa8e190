using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Support;

/// <summary>Tells when a controller knows all that there is and has nothing left to do.</summary>
internal static class Idleness
{
    /// <param name="enough">Waiting ends when this is true, too.</param>
    public static Task WaitAsync(World world, RunningController controller, Func<bool>? enough = null) => Eventually.HoldsAsync(
        async () =>
        {
            if (enough?.Invoke() == true)
                return true;

            // What the caches just took up is on its way to the queue.
            if (!controller.IsIdle || !await HasCaughtUpAsync(world, controller))
                return false;
            await Task.Delay(20);
            return controller.IsIdle && await HasCaughtUpAsync(world, controller) && controller.IsIdle;
        },
        () => controller.Metrics,
        "the controller is idle");

    /// <summary>Whether its caches show what the API server has.</summary>
    private static async Task<bool> HasCaughtUpAsync(World world, RunningController controller)
    {
        var cluster = controller.Term.Cluster;
        return await IsSameAsync(cluster.Nodes)
            && await IsSameAsync(cluster.Namespaces)
            && await IsSameAsync(cluster.ConfigMaps, ExternalGatewayConfig.Name)
            && await IsSameAsync(cluster.Pods)
            && await IsSameAsync(cluster.ProviderNetworks)
            && await IsSameAsync(cluster.Vlans)
            && await IsSameAsync(cluster.Subnets)
            && await IsSameAsync(cluster.Vpcs)
            && await IsSameAsync(cluster.Ips)
            && await IsSameAsync(cluster.Vips)
            && await IsSameAsync(cluster.Eips)
            && await IsSameAsync(cluster.Fips)
            && await IsSameAsync(cluster.SnatRules)
            && await IsSameAsync(cluster.DnatRules);

        // Of some kinds it follows but one object.
        async Task<bool> IsSameAsync<T>(Resource<T> resource, string? only = null)
            where T : KubeObject
        {
            var stored = (await world.Kube.ListAsync(resource.Type)).Items.Where(item => only is null || item.Metadata.Name == only).Select(Version);
            return resource.Snapshot.All.Select(Version).ToHashSet().SetEquals(stored);
        }

        static (ObjectKey Key, string? Version) Version(KubeObject item) => (item.Key, item.Metadata.ResourceVersion);
    }
}
