using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.ProviderNetworks;

namespace Sluice.Controller.Reconcilers;

/// <summary>Says which subnets use a Vlan and whether its tag is its own, and keeps it for them.</summary>
public sealed class VlanReconciler(Cluster cluster, AddressUsers users, ObjectWriter objects) : IReconciler
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
            WrittenSiblings = [.. Siblings(cluster, (Vlan)vlan.AsWritten())],
            Occupied = vlan.IsEdited ? users.OccupiedOn(vlan) : [],
            Subnets = [.. cluster.Subnets.Snapshot.ByIndex(Indexes.ByVlan, key.Name)],
            ProviderNetwork = cluster.ProviderNetworks.Find(VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork)),
        });
        await objects.StoreAsync(cluster.Vlans, plan.Change, cancellation);
        return plan.Outcome;
    }

    /// <summary>Stores our finalizer in a Vlan and in its ProviderNetwork, before anything rests on them. They may be going: then nothing can.</summary>
    /// <returns>False when somebody else changed one of them meanwhile.</returns>
    internal static async Task<bool> HoldAsync(Cluster cluster, ObjectWriter objects, Vlan vlan, CancellationToken cancellation)
    {
        var network = cluster.ProviderNetworks.Find(VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork));
        return await HoldAsync(cluster.ProviderNetworks, network) && await HoldAsync(cluster.Vlans, vlan);

        async Task<bool> HoldAsync<T>(Resource<T> resource, T? item)
            where T : KubeObject
        {
            if (item is null || item.Metadata.IsDeleting)
                return true;
            var held = (T)((KubeObject)item with { Metadata = item.Metadata.WithFinalizer() });
            return await objects.WriteMetadataAsync(resource, new Change<T>(item, held), cancellation) is not null;
        }
    }

    /// <summary>The other Vlans of the same provider network.</summary>
    internal static IEnumerable<Vlan> Siblings(Cluster cluster, Vlan vlan) =>
        cluster.Vlans.Snapshot
            .ByIndex(Indexes.ByProvider, VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork))
            .Where(other => other.Metadata.Name != vlan.Metadata.Name);
}
