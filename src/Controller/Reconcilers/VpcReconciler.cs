using System.Collections.Concurrent;
using Sluice.Controller.Loop;
using Sluice.Controller.Realizing;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Reconcilers;

/// <summary>Makes a router of each VPC, with all that is attached to it, and describes its rules.</summary>
/// <param name="realization">Null when statuses do not tell how far the data plane is.</param>
public sealed class VpcReconciler(
    Cluster cluster,
    VpcGather gather,
    RowWriter rows,
    ObjectWriter objects,
    GatewayEvents gateway,
    PodRefusalEvents pods,
    RealizationBook? realization) : IReconciler
{
    /// <summary>Nobody tells when a row of somebody else gets out of our way.</summary>
    private static readonly TimeSpan ConflictInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After so many rows at once more are likely to come. A moment's rest makes of a burst a few full transactions, at each of which
    /// ovn-northd starts over.
    /// </summary>
    private const int Many = 8;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, VpcPlanMemory> _memories = new(StringComparer.Ordinal);

    public string Kind => Keys.VpcKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        var memory = _memories.GetOrAdd(key.Name, static _ => new());
        var plan = VpcPlan.For(gather.For(key.Name), memory);
        if (!plan.Before.IsEmpty)
        {
            await StoreAsync(plan.Before, cancellation);
            plan = VpcPlan.For(gather.For(key.Name), memory);
        }

        var changes = await rows.ApplyAsync(key, plan.Rows, cancellation, written => realization?.Write(key, written));
        var after = plan.After(changes, realization?.DataPlaneOf(key));
        if (key.Name == cluster.Defaults.Vpc)
        {
            gateway.Tell(after.Vpc, plan.GatewayProblems);
            pods.Tell(plan.PodRefusals);
        }
        await StoreAsync(after, cancellation);
        if (cluster.Vpcs.Find(key.Name) is null) _memories.TryRemove(key.Name, out _);
        var overdue = realization?.Await(key, after.Awaited);
        var outcome = !changes.Conflicts.IsEmpty ? new Outcome.After(ConflictInterval)
            : overdue is { } delay ? new Outcome.After(delay)
            : plan.Outcome;
        return changes.Written.Length >= Many ? outcome with { Rest = Rest } : outcome;
    }

    /// <summary>Stores all changes at the same time; the writer limits how many are under way.</summary>
    private Task StoreAsync(VpcChanges changes, CancellationToken cancellation)
    {
        var writes = new List<Task>();
        if (changes.Vpc is { } vpc) writes.Add(objects.StoreAsync(cluster.Vpcs, vpc, cancellation));
        writes.AddRange(changes.Fips.Select(change => objects.StoreAsync(cluster.Fips, change, cancellation)));
        writes.AddRange(changes.SnatRules.Select(change => objects.StoreAsync(cluster.SnatRules, change, cancellation)));
        writes.AddRange(changes.DnatRules.Select(change => objects.StoreAsync(cluster.DnatRules, change, cancellation)));
        writes.AddRange(changes.CreateEips.Select(eip => objects.CreateAsync(cluster.Eips, eip, cancellation)));
        writes.AddRange(changes.ChangeEips.Select(change => objects.WriteAsync(cluster.Eips, change, cancellation)));
        writes.AddRange(changes.DeleteEips.Select(eip => objects.DeleteAsync(cluster.Eips, eip, cancellation)));
        return Task.WhenAll(writes);
    }
}
