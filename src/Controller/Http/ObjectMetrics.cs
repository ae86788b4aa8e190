using Sluice.Api;
using Sluice.Kube;
using Sluice.Metrics;

namespace Sluice.Controller.Http;

/// <summary>How many objects there are of each kind, by what their condition Ready says.</summary>
internal static class ObjectMetrics
{
    public static void Write(MetricsText text, Cluster cluster)
    {
        text.Family("sluice_objects", "gauge", "Objects, by condition Ready and its reason; empty when there is none yet.");
        Count(text, cluster.ProviderNetworks);
        Count(text, cluster.Vlans);
        Count(text, cluster.Subnets);
        Count(text, cluster.Vpcs);
        Count(text, cluster.Vips);
        Count(text, cluster.Eips);
        Count(text, cluster.Fips);
        Count(text, cluster.SnatRules);
        Count(text, cluster.DnatRules);
    }

    private static void Count<T>(MetricsText text, Resource<T> resource)
        where T : KubeObject, IHasStatus
    {
        var groups = resource.Snapshot.All
            .Select(item => item.Status?.Conditions.Find(ConditionTypes.Ready))
            .CountBy(ready => (Ready: ready?.Status ?? "", Reason: ready?.Reason ?? ""));
        foreach (var ((ready, reason), count) in groups)
            text.Sample(count, ("kind", resource.Type.Kind), ("ready", ready), ("reason", reason));
    }
}
