using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Addresses;
using Sluice.Plan.ProviderNetworks;

namespace Sluice.Controller.Reconcilers;

/// <summary>
/// Says on which nodes a provider network works, and keeps it for the Vlans on it. The nodes' agents make it work and label their nodes.
/// </summary>
public sealed class ProviderNetworkReconciler(Cluster cluster, AddressUsers users, ObjectWriter objects) : IReconciler
{
    public string Kind => Keys.ProviderNetworkKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        if (cluster.ProviderNetworks.Find(key.Name) is not { } network)
            return Outcome.Done;

        var plan = ProviderNetworkPlan.For(new()
        {
            ProviderNetwork = network,
            Nodes = [.. cluster.Nodes.Snapshot.All],
            Errors = Errors(key.Name),
            Vlans = [.. cluster.Vlans.Snapshot.ByIndex(Indexes.ByProvider, key.Name)],
            Occupied = network.IsEdited ? users.OccupiedOn(network) : [],
            OnNodes = network.IsEdited ? users.OnNodes() : ImmutableDictionary<string, IReadOnlyCollection<AddressUser>>.Empty,
        });
        await objects.StoreAsync(cluster.ProviderNetworks, plan.Change, cancellation);
        return Outcome.Done;
    }

    /// <summary>What agents say in annotations of their pods or of their nodes.</summary>
    private Dictionary<string, string> Errors(string network)
    {
        var annotation = Names.Annotations.ProviderNetworkError(network);
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in cluster.Nodes.Snapshot.All)
        {
            var message = node.Metadata.Annotation(annotation)
                ?? cluster.Pods.Snapshot.ByIndex(Indexes.ByNode, node.Metadata.Name)
                    .Select(pod => pod.Metadata.Annotation(annotation))
                    .FirstOrDefault(text => !string.IsNullOrEmpty(text));
            if (!string.IsNullOrEmpty(message))
                errors[node.Metadata.Name] = message;
        }
        return errors;
    }
}
