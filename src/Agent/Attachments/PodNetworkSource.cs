using Sluice.Api;
using Sluice.Cni.Wire;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent.Attachments;

/// <summary>Finds out what a pod's interface shall be, once the controller has said so.</summary>
internal sealed class PodNetworkSource(PodWaiter pods, PodNetworkGatherer gatherer, TimeProvider time)
{
    /// <summary>How long the controller may take to give a pod its address.</summary>
    private static readonly TimeSpan AddressPatience = TimeSpan.FromSeconds(20);

    /// <exception cref="CniFailureException">The pod has no address in time, or what was written about it makes no sense.</exception>
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
        return PodNetworkPlan.For(await gatherer.GatherAsync(request, pod!));
    }
}
