using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Agent.Packets;
using Sluice.Agent.Reconcile;
using Sluice.Plan;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.NodePorts;

/// <summary>Carries out what <see cref="NodePortPlan"/> says, and reports whether the node reaches the overlay.</summary>
internal sealed partial class NodePortReconciler(
    NodePortGatherer gatherer, NodeReachability reachability, OvsDatabase ovs, NetworkNamespace host, LinkWatch watch, ILogger<NodePortReconciler> logger)
    : IReconciler
{
    public const string KeyKind = "NodePort";

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        if (await gatherer.GatherAsync() is not { } input || NodePortPlan.For(input) is not { } plan)
            return Outcome.Done;
        watch.Set(new AgentKey(Kind, name), [NodePortPlan.LinkName], input.Link is { } link ? [link] : []);
        if (plan.Error is { } error)
            return new Outcome.Blocked("NodePortMalformed", error);
        if (!plan.Operations.IsEmpty)
        {
            await ovs.TransactAsync(plan.Operations, ct);
            LogCommitted(plan.Operations.Length);
        }
        if (input.Link is not { } present)
            return Outcome.Done;
        if (plan.ChangesLink)
        {
            await host.RunAsync(() => Change(present, plan));
            LogChanged();
        }
        return new Outcome.After(await reachability.CheckAsync(() => OpenSocket(present, plan), plan.Gateways, ct));
    }

    private static void Change(LinkEntry link, NodePortPlan plan)
    {
        using var netlink = RtNetlink.Open();
        var batch = plan.Change.AppendTo(new NetlinkBatch(), link.Index);
        foreach (var route in plan.RemoveRoutes)
            batch.DeleteRoute(link.Index, route.Destination);
        foreach (var route in plan.AddRoutes)
            batch.ReplaceRoute(link.Index, route.Destination, route.Gateway, route.Source);
        netlink.Execute(batch);
    }

    private Task<Dictionary<IpFamily, (PacketSocket Socket, MacAddress Mac)>> OpenSocket(LinkEntry link, NodePortPlan plan) => host.RunAsync(() =>
        plan.Gateways.Select(gateway => gateway.Address.Family).ToDictionary(
            family => family,
            family => (PacketSocket.Open(link.Index, Neighbors.EtherType(family)), plan.Change.SetMac ?? link.Mac ?? default)));

    [LoggerMessage(50, LogLevel.Information, "Node port: {Count} operations on the OVS database")]
    private partial void LogCommitted(int count);

    [LoggerMessage(51, LogLevel.Information, "Node port: changed interface, addresses or routes")]
    private partial void LogChanged();
}
