using Sluice.Api;
using Sluice.Cni.Wire;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Ports;

namespace Sluice.Agent.Attachments;

/// <summary>Finds out what a pod's interface shall be, once the controller has said so.</summary>
internal sealed class PodNetworkSource(PodWaiter pods, PodNetworkGatherer gatherer, KubeClient client, EventRecorder events, TimeProvider time)
{
    /// <summary>How long the controller may take to give a pod its address.</summary>
    private static readonly TimeSpan AddressPatience = TimeSpan.FromSeconds(20);

    /// <exception cref="CniFailureException">The pod has no address in time, or what was written about it makes no sense or is not true.</exception>
    public async Task<PodNetwork> GetAsync(AttachmentRequest request, CancellationToken ct)
    {
        if (request.Provider != Names.DefaultProvider)
            throw new CniFailureException(CniErrorCode.UnsupportedField, $"provider \"{request.Provider}\" is not served: a pod has one NIC, of provider \"{Names.DefaultProvider}\"");
        var key = new ObjectKey(request.PodNamespace, request.PodName);
        Pod? pod = null;
        await Patience.ForAsync(
            AddressPatience,
            time,
            async token => pod = await pods.WaitAsync(key, request.PodUid, token),
            () => pods.Explain(key, request.PodUid),
            ct);
        var network = PodNetworkPlan.For(await gatherer.GatherAsync(request, pod!));
        await ConfirmAsync(network, ct);
        return network;
    }

    /// <summary>Looks whether the controller still means what the pod's annotations said.</summary>
    /// <exception cref="CniFailureException">It does not. An Event of the pod says so, too.</exception>
    public async Task ConfirmAsync(PodNetwork network, CancellationToken ct)
    {
        // The controller stores the IP before it writes annotations, so that what we read is not older than those.
        if (PodRecord.Check(network, await ReadAsync(network.IfaceId, ct)) is not { } problem)
            return;
        events.Warning(CoreResources.Pods, network.Pod, PortReasons.Invalid, $"is not plugged in: {problem}");
        throw CniFailureException.TryAgainLater($"pod {network.Pod.Key}: {problem}");
    }

    private async Task<Ip?> ReadAsync(string name, CancellationToken ct)
    {
        try
        {
            return await client.FindAsync(SluiceResources.Ips, ns: null, name, ct);
        }
        catch (KubeException e)
        {
            throw CniFailureException.TryAgainLater($"the API server does not tell IP {name}: {e.Message}", e);
        }
    }
}
