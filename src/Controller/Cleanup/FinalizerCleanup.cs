using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Controller.Cleanup;

/// <summary>Takes our finalizer off every object that has it, so that nothing waits for a controller that is gone.</summary>
public sealed class FinalizerCleanup(KubeClient kube, TextWriter output)
{
    /// <param name="dry">Only say what would be done.</param>
    public async Task RunAsync(bool dry, CancellationToken cancellation)
    {
        // What uses another comes first.
        await ReleaseAsync(SluiceResources.OvnFips, dry, cancellation);
        await ReleaseAsync(SluiceResources.OvnSnatRules, dry, cancellation);
        await ReleaseAsync(SluiceResources.OvnDnatRules, dry, cancellation);
        await ReleaseAsync(SluiceResources.OvnEips, dry, cancellation);
        await ReleaseAsync(SluiceResources.Vips, dry, cancellation);
        await ReleaseAsync(SluiceResources.Ips, dry, cancellation);
        await ReleaseAsync(SluiceResources.Subnets, dry, cancellation);
        await ReleaseAsync(SluiceResources.Vpcs, dry, cancellation);
        await ReleaseAsync(SluiceResources.Vlans, dry, cancellation);
        await ReleaseAsync(SluiceResources.ProviderNetworks, dry, cancellation);
    }

    private static bool IsOurs(string finalizer) => finalizer is Names.Finalizer or Names.LegacyFinalizer;

    private async Task ReleaseAsync<T>(ResourceType<T> type, bool dry, CancellationToken cancellation)
        where T : KubeObject
    {
        foreach (var item in (await kube.ListAsync(type, cancellationToken: cancellation)).Items)
        {
            if (item.Metadata.Finalizers?.Any(IsOurs) != true)
                continue;
            if (!dry)
                await ReleaseAsync(type, item, cancellation);
            await output.WriteLineAsync($"{(dry ? "would release" : "released")} {type.Kind} {item.Metadata.Name}");
        }
    }

    private async Task ReleaseAsync<T>(ResourceType<T> type, T item, CancellationToken cancellation)
        where T : KubeObject
    {
        // The version that is replaced is the one that was read, so that a finalizer which comes meanwhile is not lost.
        for (T? current = item; current?.Metadata.Finalizers is { } finalizers && finalizers.Any(IsOurs);)
        {
            var released = (T)((KubeObject)current with { Metadata = current.Metadata with { Finalizers = [.. finalizers.Where(finalizer => !IsOurs(finalizer))] } });
            try
            {
                await kube.ReplaceAsync(type, released, cancellation);
                return;
            }
            catch (KubeException e) when (e.IsConflict || e.IsNotFound)
            {
                current = await kube.FindAsync(type, null, current.Metadata.Name, cancellation);
            }
        }
    }
}
