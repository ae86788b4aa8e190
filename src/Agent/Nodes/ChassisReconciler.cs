using Sluice.Agent.Ovs;
using Sluice.Agent.Reconcile;
using Sluice.Api;
using Sluice.Plan;

namespace Sluice.Agent.Nodes;

/// <summary>Tells the controller which OVN chassis the node is: it needs to know for gateways.</summary>
internal sealed class ChassisReconciler(NodeWriter node, OvsDatabase ovs) : IReconciler
{
    public const string KeyKind = "Chassis";

    private static readonly Dictionary<string, string?> NoLabels = [];

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        if (ovs.Current.SystemId is not { } systemId)
            return new Outcome.Blocked("NoSystemId", "Open_vSwitch has no external_ids:system-id");
        await node.ApplyAsync(NoLabels, new Dictionary<string, string?> { [Names.Annotations.Chassis] = systemId }, ct);
        return Outcome.Done;
    }
}
