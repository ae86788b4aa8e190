using Sluice.Agent.Netlink;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Attachments;

/// <summary>The kernel's part of an attachment: a pair of interfaces between host and pod.</summary>
internal sealed class AttachmentLinks(NetworkNamespace host)
{
    /// <summary>The host's end, or null.</summary>
    public Task<LinkEntry?> FindAsync(string name) => host.RunAsync(() =>
    {
        using var netlink = RtNetlink.Open();
        return netlink.Link(name);
    });

    /// <summary>All host ends that are ours.</summary>
    public Task<IReadOnlyList<LinkEntry>> ListAsync() => host.RunAsync<IReadOnlyList<LinkEntry>>(() =>
    {
        using var netlink = RtNetlink.Open();
        return [.. netlink.Links().Where(HostLink.IsOurs)];
    });

    /// <summary>Whether the pod's end of this very pair is there under its name.</summary>
    public static async Task<bool> HasPodEndAsync(LinkEntry hostEnd, NetworkNamespace pod, string name) => await pod.RunAsync(() =>
    {
        using var netlink = RtNetlink.Open();
        return netlink.Link(name) is { Kind: "veth" } podEnd && podEnd.Index == hostEnd.PeerIndex && podEnd.PeerIndex == hostEnd.Index;
    });

    /// <summary>Makes the pair, the host's end up and marked as unfinished, and returns that end.</summary>
    /// <exception cref="CniFailureException">The pod has an interface of that name.</exception>
    public Task<LinkEntry> CreateAsync(AttachmentId id, PodNetwork network, NetworkNamespace pod) => host.RunAsync(() =>
    {
        var name = HostLink.Name(id);
        using var podFile = pod.Open();
        using var netlink = RtNetlink.Open();
        try
        {
            netlink.Execute(new NetlinkBatch()
                .CreateVeth(name, network.Mtu, podFile, id.IfName, network.Mac)
                .SetUpForSwitch(name, HostLink.Alias(id, finished: false)));
        }
        catch (NetlinkException e) when (e.IsExists)
        {
            throw new CniFailureException(CniErrorCode.InvalidEnvironment, $"there is an interface {id.IfName} in {pod} already", e);
        }
        return netlink.Link(name) ?? throw CniFailureException.TryAgainLater($"interface {name} vanished");
    });

    /// <summary>Takes the mark of the unfinished off.</summary>
    public Task FinishAsync(AttachmentId id) => host.RunAsync(() =>
    {
        using var netlink = RtNetlink.Open();
        netlink.Execute(new NetlinkBatch().SetAlias(HostLink.Name(id), HostLink.Alias(id, finished: true)));
    });

    /// <summary>Deletes a pair by its host's end; one that is not there is fine.</summary>
    public Task DeleteAsync(string name) => host.RunAsync(() =>
    {
        using var netlink = RtNetlink.Open();
        if (netlink.Try(new NetlinkBatch().DeleteLink(name)) is [{ IsMissing: false } refused])
            throw refused;
    });
}
