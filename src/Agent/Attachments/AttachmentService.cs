using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Attachments;

/// <summary>Plugs pods in and out. Every request may come again, and may find what an agent that died left behind.</summary>
internal sealed partial class AttachmentService(
    PodNetworkSource networks, AttachmentLinks links, OvsDatabase ovs, AgentOptions options, TimeProvider time, ILogger<AttachmentService> logger)
{
    /// <summary>How long ovn-controller may take to install a port.</summary>
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a gateway may take to answer.</summary>
    private static readonly TimeSpan GatewayPatience = TimeSpan.FromSeconds(30);

    private readonly KeyedLock<AttachmentId> _locks = new();

    /// <summary>Whether a request for this attachment is being served.</summary>
    public bool IsBusy(AttachmentId id) => _locks.IsHeld(id);

    /// <summary>Plugs a pod in, or finds that it is. Undoes everything if it fails or is cancelled.</summary>
    /// <exception cref="CniFailureException">It can not be done, now or at all.</exception>
    public async Task<AttachmentResult> AddAsync(AttachmentRequest request, CancellationToken ct)
    {
        var id = new AttachmentId(request.ContainerId, request.IfName);
        using var held = await _locks.AcquireAsync(id, ct);
        var network = await networks.GetAsync(request, ct);
        try
        {
            var result = await PlugAsync(id, request, network, ct);
            LogAdded(request.PodNamespace, request.PodName, network.IfaceId, result.HostNicName);
            return result;
        }
        catch
        {
            await UndoAsync(id);
            throw;
        }
    }

    /// <summary>Plugs a pod out; what is not there is fine.</summary>
    public async Task DeleteAsync(AttachmentId id, CancellationToken ct)
    {
        using var held = await _locks.AcquireAsync(id, ct);
        await RemoveAsync(id, ct);
        LogDeleted(id.ContainerId, id.IfName);
    }

    /// <summary>Plugs out what belongs to a network and is not listed.</summary>
    public async Task CollectGarbageAsync(GcRequest request, CancellationToken ct)
    {
        var valid = request.ValidAttachments.ToHashSet();
        var current = ovs.Current;
        var garbage =
            from present in current.Interfaces
            where present.IsOurs && present.ExternalIds.Get(OvsIds.CniNetwork) == request.Network
            let id = new AttachmentId(present.ExternalIds.Get(OvsIds.ContainerId) ?? "", present.ExternalIds.Get(OvsIds.ContainerInterface) ?? "")
            where id.ContainerId.Length > 0 && !valid.Contains(id)
            select id;
        foreach (var id in garbage.Distinct().ToList())
            await DeleteAsync(id, ct);
    }

    private async Task<AttachmentResult> PlugAsync(AttachmentId id, AttachmentRequest request, PodNetwork network, CancellationToken ct)
    {
        var podNamespace = NetworkNamespace.At(request.NetNs);
        var ids = AttachmentOperations.Ids(request, network);
        var bridge = ovs.Current.IntegrationBridge ?? throw CniFailureException.TryAgainLater("there is no bridge br-int: is ovn-controller running?");

        var hostEnd = await FindFulfilledAsync(id, ids, podNamespace);
        if (hostEnd is null)
        {
            await RemoveAsync(id, ct);
            hostEnd = await links.CreateAsync(id, network, podNamespace);
            await ovs.TransactAsync(AttachmentOperations.Add(ovs.Current, bridge, hostEnd.Name, network.IfaceId, ids), ct);
        }

        // While ovn-controller installs the port, we are busy in the pod.
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var installed = WaitForPortAsync(hostEnd.Name, network, abandon.Token);
        try
        {
            await using var podEnd = await podNamespace.RunAsync(() => PodEnd.Configure(network, id.IfName, options.DetectAddressConflicts, time));
            await installed;
            await networks.ConfirmAsync(network, ct);
            await GreetAsync(podEnd, network, ct);
        }
        finally
        {
            await abandon.CancelAsync();
            await installed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await links.FinishAsync(id);
        return AttachmentResults.Of(request, network, hostEnd);
    }

    /// <summary>The host's end of a pair that is complete and for exactly this request, or null.</summary>
    private async Task<LinkEntry?> FindFulfilledAsync(AttachmentId id, Ovsdb.Value ids, NetworkNamespace podNamespace)
    {
        var isInOvs = ovs.Current.Interface(HostLink.Name(id)) is { } present && AttachmentOperations.Fulfils(present, ids);
        var hostEnd = isInOvs ? await links.FindAsync(HostLink.Name(id)) : null;
        return hostEnd is not null && await AttachmentLinks.HasPodEndAsync(hostEnd, podNamespace, id.IfName) ? hostEnd : null;
    }

    /// <summary>Returns once ovn-controller has installed the port and, for an underlay, connected the provider bridge.</summary>
    private Task WaitForPortAsync(string name, PodNetwork network, CancellationToken ct)
    {
        var patch = $"patch-localnet.{network.Subnet}-to-br-int";
        return Patience.ForAsync(
            PortPatience,
            time,
            token => ovs.WaitForAsync(
                snapshot =>
                {
                    if (snapshot.Interface(name) is not { } port)
                        throw CniFailureException.TryAgainLater($"somebody removed port {name}");
                    if (port.Error is { } error)
                        throw CniFailureException.TryAgainLater($"ovs-vswitchd can not open {name}: {error}");
                    return port.IsInstalled && (!network.IsUnderlay || snapshot.Interface(patch) is not null) ? port.Name : null;
                },
                token),
            () => network.IsUnderlay && ovs.Current.Interface(patch) is null
                ? $"ovn-controller has not connected the provider bridge: there is no {patch}"
                : $"ovn-controller has not installed port {network.IfaceId}",
            ct);
    }

    private async Task GreetAsync(PodEnd podEnd, PodNetwork network, CancellationToken ct)
    {
        if (network.IsUnderlay && options.DetectAddressConflicts)
            await podEnd.DetectConflictsAsync(ct);
        await podEnd.AnnounceAsync(ct);
        if (network.CheckGateway)
        {
            await Patience.ForAsync(
                GatewayPatience,
                time,
                podEnd.WaitForGatewaysAsync,
                () => $"the gateway of subnet {network.Subnet} does not answer: {string.Join(", ", network.Addresses.Select(address => address.Gateway))}",
                ct);
        }
    }

    private async Task RemoveAsync(AttachmentId id, CancellationToken ct)
    {
        var current = ovs.Current;
        var operations = AttachmentOperations.Remove(current, AttachmentOperations.Find(current, id)).ToList();
        if (operations.Count > 0)
            await ovs.TransactAsync(operations, ct);
        await links.DeleteAsync(HostLink.Name(id));
    }

    /// <summary>Nobody waits for this any more; what can not be undone is left to the sweeper.</summary>
    private async Task UndoAsync(AttachmentId id)
    {
        try
        {
            using var patience = new CancellationTokenSource(PortPatience, time);
            await RemoveAsync(id, patience.Token);
        }
        catch (Exception e)
        {
            LogUndoFailed(id.ContainerId, id.IfName, e);
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Plugged {Namespace}/{Pod} in: port {Port}, interface {Link}")]
    private partial void LogAdded(string @namespace, string pod, string port, string link);

    [LoggerMessage(31, LogLevel.Information, "Plugged container {Container} out of {Interface}")]
    private partial void LogDeleted(string container, string @interface);

    [LoggerMessage(32, LogLevel.Error, "Could not undo the attachment of container {Container}, interface {Interface}")]
    private partial void LogUndoFailed(string container, string @interface, Exception cause);
}
