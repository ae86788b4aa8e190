using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Namespaces;

namespace Sluice.Controller.Reconcilers;

/// <summary>Says in annotations of a namespace which subnets its pods get. Only people and other tools read them.</summary>
public sealed class NamespaceReconciler(Cluster cluster, ObjectWriter objects) : IReconciler
{
    public string Kind => Keys.NamespaceKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        if (cluster.Namespaces.Find(key.Name) is not { Metadata.IsDeleting: false } ns)
            return Outcome.Done;

        var subnets = NamespacePlan.SubnetsOf(ns, cluster.Subnets.Snapshot.All, cluster.Vpcs.Snapshot.All, cluster.Defaults.Subnet);
        if (!subnets.IsEmpty)
            await objects.PatchMetadataAsync(cluster.Namespaces, ns, [], NamespacePlan.Annotations(subnets), cancellation);
        return Outcome.Done;
    }
}
