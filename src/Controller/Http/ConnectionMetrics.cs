using Sluice.Metrics;

namespace Sluice.Controller.Http;

/// <summary>Whether what the controller depends on is there: the databases, and the kinds that it follows.</summary>
internal static class ConnectionMetrics
{
    public static void Write(MetricsText text, Cluster cluster, OvnDatabases databases)
    {
        text.Family("sluice_database_connected", "gauge", "1 while the copy of a database of OVN is in sync.");
        text.Sample(databases.Northbound.IsConnected ? 1 : 0, ("database", "northbound"));
        text.Sample(databases.Southbound.IsConnected ? 1 : 0, ("database", "southbound"));

        text.Family("sluice_informer_synced", "gauge", "1 once all objects of a kind were listed.");
        foreach (var kind in cluster.Followed)
            text.Sample(kind.HasSynced ? 1 : 0, ("kind", kind.Kind));
        text.Family("sluice_informer_last_event_age_seconds", "gauge", "Time since the API server last said something about a kind, bookmarks included.");
        foreach (var kind in cluster.Followed)
        {
            if (kind.Silence is { } silence)
                text.Sample(silence.TotalSeconds, ("kind", kind.Kind));
        }
    }
}
