using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Support;

internal static class WorldExtensions
{
    /// <summary>Waits until an Event of the pod says so.</summary>
    public static Task EventuallyToldAsync(this World world, string pod, string reason, string message, string ns = "default")
    {
        IReadOnlyList<string> told = [];
        return Eventually.HoldsAsync(
            async () =>
            {
                told = [.. from entry in (await world.Kube.ListAsync(CoreResources.Events, new ListOptions { Namespace = ns })).Items
                           where entry.InvolvedObject is { Kind: nameof(Pod) } regarding && regarding.Name == pod
                           select $"{entry.Reason}: {entry.Message}"];
                return told.Contains($"{reason}: {message}");
            },
            () => string.Join('\n', told),
            $"pod {ns}/{pod} is told {reason}: {message}");
    }

    /// <summary>Makes sure that there is a namespace. It outlives this world.</summary>
    public static async Task CreateNamespaceAsync(this World world, string name)
    {
        if (await world.Kube.FindAsync(CoreResources.Namespaces, null, name) is null)
            await world.CreateAsync(CoreResources.Namespaces, new Namespace { Metadata = new() { Name = name } });
    }

    /// <summary>Waits until the pod has its addresses and its port.</summary>
    public static Task<Pod> EventuallyAllocatedAsync(this World world, string pod, string ns = "default") => world.EventuallyAsync(
        CoreResources.Pods,
        pod,
        item => item.Metadata.Annotation(PodAnnotations.Default.Allocated) == "true" && world.Port(Names.PodPort(pod, ns)) is not null,
        ns);

    /// <summary>Provider network, Vlan and external subnet of the walkthrough.</summary>
    public static async Task CreateExternalNetworkAsync(this World world)
    {
        await world.CreateAsync(SluiceResources.ProviderNetworks, Objects.ProviderNetwork);
        await world.CreateAsync(SluiceResources.Vlans, Objects.Vlan);
        await world.CreateAsync(SluiceResources.Subnets, Objects.ExternalSubnet);
        await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
    }
}
