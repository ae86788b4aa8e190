using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Nodes;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Agent.Reconcile;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>Carries out what <see cref="GatewayPortPlan"/> says, keeps the BFD speaker running, and labels the node.</summary>
internal sealed partial class GatewayPortReconciler(
    GatewayPortGatherer gatherer,
    BirdSpeaker speaker,
    NodeWriter node,
    EventRecorder events,
    OvsDatabase ovs,
    NetworkNamespace host,
    LinkWatch watch,
    AgentOptions options,
    ILogger<GatewayPortReconciler> logger) : IReconciler
{
    public const string KeyKind = "GatewayPort";

    /// <summary>Nobody tells when the speaker dies; routers stop using the node after 300 ms, so that nothing is lost meanwhile.</summary>
    private static readonly TimeSpan SpeakerInterval = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, string?> NoAnnotations = [];
    private readonly NetworkNamespace _inside = NetworkNamespace.At(options.GatewayNamespacePath);

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        var input = await gatherer.GatherAsync();
        var plan = GatewayPortPlan.For(input);
        if (!plan.IsWanted)
        {
            watch.Set(new AgentKey(Kind, name), [], []);
            await RemoveAsync(input, plan, ct);
            return Outcome.Done;
        }

        watch.Set(new AgentKey(Kind, name), [GatewayPortPlan.LinkName], []);
        if (plan.Problem is { } problem)
        {
            await WithdrawAsync(ct);
            return new Outcome.Blocked("GatewayPortMissing", problem);
        }
        if (plan.RemoveLost)
        {
            // Until ovs-vswitchd has done it, it would take the next port for this one.
            await ovs.ApplyAsync(plan.Operations, ct);
            LogLost(options.GatewayNamespace);
            return new Outcome.After(TimeSpan.Zero);
        }
        await ApplyAsync(plan, ct);

        // A port that was just made shows up as an interface, which brings this key again.
        if (!plan.IsInPlace && plan.Move is null && !plan.ChangesInside)
            return Outcome.Done;
        try
        {
            await speaker.RunAsync(_inside, plan.Sessions, ct);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await WithdrawAsync(ct);
            if (node.Node is { } self)
                events.Warning(CoreResources.Nodes, self, "BfdSpeakerFailed", e.Message);
            throw;
        }
        await LabelAsync("true", ct);
        return new Outcome.After(SpeakerInterval);
    }

    /// <summary>Says that the node is no next hop at the moment.</summary>
    private Task WithdrawAsync(CancellationToken ct) =>
        node.Node?.Metadata.Label(Names.Labels.NodeExternalGateway) == "true" ? LabelAsync("false", ct) : Task.CompletedTask;

    private async Task ApplyAsync(GatewayPortPlan plan, CancellationToken ct)
    {
        if (!plan.Operations.IsEmpty)
        {
            await ovs.TransactAsync(plan.Operations, ct);
            LogCommitted(plan.Operations.Length);
        }
        if (plan.CreateNamespace)
        {
            await NamedNamespace.CreateAsync(options.GatewayNamespace, ct);
            await _inside.RunAsync(MarkNamespace);
        }
        if (plan.RemoveDeadLink)
            await _inside.RunAsync(RemoveLink);
        if (plan.Move is { } link)
        {
            await host.RunAsync(() => Move(link));
            LogMoved(options.GatewayNamespace);
        }
        if (plan.ChangesInside)
        {
            await _inside.RunAsync(() => Change(plan));
            LogChanged();
        }
    }

    private async Task RemoveAsync(GatewayPortInput input, GatewayPortPlan plan, CancellationToken ct)
    {
        await speaker.StopAsync(ct);
        if (!plan.Operations.IsEmpty)
            await ovs.TransactAsync(plan.Operations, ct);
        if (input.Inside is { IsOurs: true })
        {
            await NamedNamespace.DeleteAsync(options.GatewayNamespace, ct);
            LogRemoved();
        }
        await WithdrawAsync(ct);
    }

    private Task LabelAsync(string value, CancellationToken ct) =>
        node.ApplyAsync(new Dictionary<string, string?> { [Names.Labels.NodeExternalGateway] = value }, NoAnnotations, ct);

    private static void MarkNamespace()
    {
        using var netlink = RtNetlink.Open();
        netlink.Execute(new NetlinkBatch().SetAlias("lo", GatewayPortPlan.NamespaceMark));
    }

    private static void RemoveLink()
    {
        using var netlink = RtNetlink.Open();
        netlink.Execute(new NetlinkBatch().DeleteLink(GatewayPortPlan.LinkName));
    }

    private void Move(LinkEntry link)
    {
        using var inside = _inside.Open();
        using var netlink = RtNetlink.Open();
        netlink.Execute(new NetlinkBatch().Move(link.Index, inside));
    }

    private static void Change(GatewayPortPlan plan)
    {
        const int Loopback = 1;
        using var netlink = RtNetlink.Open();
        if (netlink.Link(GatewayPortPlan.LinkName) is not { } link)
            return;
        GatewayForwarding.Set(plan.SetForwarding);
        var batch = plan.Change.AppendTo(new NetlinkBatch().SetUp(Loopback), link.Index);
        foreach (var gateway in plan.SetGateways)
            batch.ReplaceRoute(link.Index, new Cidr(gateway, 0), gateway);
        netlink.Execute(batch);
    }

    [LoggerMessage(90, LogLevel.Information, "Gateway port: {Count} operations on the OVS database")]
    private partial void LogCommitted(int count);

    [LoggerMessage(91, LogLevel.Information, "Gateway port: moved into namespace {Namespace}")]
    private partial void LogMoved(string @namespace);

    [LoggerMessage(92, LogLevel.Information, "Gateway port: changed interface, addresses or routes")]
    private partial void LogChanged();

    [LoggerMessage(93, LogLevel.Information, "Gateway port: removed")]
    private partial void LogRemoved();

    [LoggerMessage(94, LogLevel.Warning, "Gateway port: it is in a namespace that is not {Namespace} any more, and is made anew")]
    private partial void LogLost(string @namespace);
}
