using Sluice.Api;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.ProviderNetworks;

namespace Sluice.Controller.Reconcilers;

/// <summary>Says which subnets use a Vlan, and whether its tag is its own.</summary>
public sealed class VlanReconciler(Cluster cluster, ObjectWriter objects) : IReconciler
{
    public string Kind => Keys.VlanKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        if (cluster.Vlans.Find(key.Name) is not { } vlan)
            return Outcome.Done;

        var plan = VlanPlan.For(new()
        {
            Vlan = vlan,
            DefaultProvider = cluster.Defaults.ProviderNetwork,
            Siblings = [.. Siblings(cluster, vlan)],
            Subnets = [.. cluster.Subnets.Snapshot.ByIndex(Indexes.ByVlan, key.Name)],
            ProviderNetwork = cluster.ProviderNetworks.Find(VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork)),
        });
        await objects.WriteStatusAsync(cluster.Vlans, plan.Change, cancellation);
        return plan.Outcome;
    }

    /// <summary>The other Vlans of the same provider network.</summary>
    internal static IEnumerable<Vlan> Siblings(Cluster cluster, Vlan vlan) =>
        cluster.Vlans.Snapshot
            .ByIndex(Indexes.ByProvider, VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork))
            .Where(other => other.Metadata.Name != vlan.Metadata.Name);
}
