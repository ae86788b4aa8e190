using Microsoft.Extensions.Logging;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Adoption;

namespace Sluice.Controller.Reconcilers;

/// <summary>Removes what an earlier system left behind. Its key comes when all others have been worked on.</summary>
public sealed partial class LeftoverReconciler(Cluster cluster, RowWriter rows, ILogger<LeftoverReconciler> logger) : IReconciler
{
    private readonly LiveObjects _live = new()
    {
        Vpc = name => cluster.Vpcs.Find(name) is not null,
        Subnet = name => cluster.Subnets.Find(name) is not null,
        Node = name => cluster.Nodes.Find(name) is not null,
        DnatRule = name => cluster.DnatRules.Find(name) is not null,
        Ip = name => cluster.Ips.Find(name) is not null,
        WouldAdopt = rows.WouldAdopt,
        Pod = key => cluster.Pods.Snapshot.Find(ObjectKey.Parse(key)) is not null,
    };

    public string Kind => Keys.LeftoversKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        var left = Leftovers.Find(rows.Current, _live, cluster.Defaults.ExternalSubnet);
        if (left.IsEmpty)
            return Outcome.Done;
        await rows.RemoveAsync(key, left, cancellation);
        foreach (var tables in left.GroupBy(row => row.Table, StringComparer.Ordinal))
            LogRemoved(tables.Count(), tables.Key);
        return Outcome.Done;
    }

    [LoggerMessage(40, LogLevel.Information, "Removed {Count} rows of {Table} that Kube-OVN left behind")]
    private partial void LogRemoved(int count, string table);
}
