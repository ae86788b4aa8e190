using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Agent.Reconcile;
using Sluice.Cni.Wire;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan;

namespace Sluice.Agent.Attachments;

/// <summary>
/// Removes attachments whose pod or container is gone without a word, and what an agent that was killed in the middle of a
/// request left. At start, and then once a minute: containers give no sign when they vanish.
/// </summary>
internal sealed partial class AttachmentSweeper(
    AttachmentService attachments, AttachmentLinks links, OvsDatabase ovs, Informer<Pod> pods, ILogger<AttachmentSweeper> logger)
    : IReconciler
{
    public const string KeyKind = "Attachments";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private ImmutableHashSet<string> _suspects = [];

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        // Links first: one that is made after this look is not missed in OVS, which is looked at later.
        var hostEnds = await links.ListAsync();
        var current = ovs.Current;
        var ports = Ports(current).ToList();
        var ids = hostEnds.Select(link => KeyValuePair.Create(link.Name, IdOf(link)))
            .Concat(ports.Select(port => KeyValuePair.Create(port.Link, port.Id)))
            .DistinctBy(pair => pair.Key)
            .ToDictionary();
        var busy = ids.Where(pair => attachments.IsBusy(pair.Value)).Select(pair => pair.Key).ToHashSet();
        var sweep = AttachmentSweep.For(ports, [.. hostEnds.Select(link => (link.Name, HostLink.IsUnfinished(link)))], busy, _suspects);
        foreach (var link in sweep.Remove)
            await RemoveAsync(link, ids[link], ct);
        _suspects = sweep.Suspects;
        return new Outcome.After(Interval);
    }

    private IEnumerable<AttachmentSweep.Present> Ports(OvsSnapshot current) =>
        from port in current.Interfaces
        let ids = port.ExternalIds
        let pod = ids.Get(OvsIds.PodName)
        where port.IsOurs && pod is not null
        let path = ids.Get(OvsIds.PodNetNs)
        select new AttachmentSweep.Present(
            port.Name,
            new AttachmentId(ids.Get(OvsIds.ContainerId) ?? "", ids.Get(OvsIds.ContainerInterface) ?? ""),
            string.IsNullOrEmpty(path) ? null : NetworkNamespace.At(path).Exists,
            pods.Snapshot.TryGet(ids.Get(OvsIds.PodNamespace), pod, out _));

    private static AttachmentId IdOf(LinkEntry hostEnd) =>
        hostEnd.Alias.Split(' ') is [.., var container, var name] ? new AttachmentId(container, name) : default;

    private async Task RemoveAsync(string link, AttachmentId id, CancellationToken ct)
    {
        LogRemoving(link);
        if (id.ContainerId.Length > 0)
        {
            await attachments.DeleteAsync(id, ct);
            return;
        }

        // Kube-OVN does not write down whose interface it is.
        var current = ovs.Current;
        if (current.Interface(link) is { } present)
            await ovs.TransactAsync([.. AttachmentOperations.Remove(current, [present])], ct);
        await links.DeleteAsync(link);
    }

    [LoggerMessage(33, LogLevel.Information, "Removing {Link}, whose container is gone")]
    private partial void LogRemoving(string link);
}
