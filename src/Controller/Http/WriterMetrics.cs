using Sluice.Ovn;

namespace Sluice.Controller.Http;

/// <summary>What was written to the northbound database.</summary>
internal static class WriterMetrics
{
    public static void Write(MetricsText text, WriterStatistics statistics)
    {
        text.Family("sluice_northbound_transactions_total", "counter", "Transactions, by how they ended.");
        text.Sample(statistics.Transactions, ("result", "committed"));
        text.Sample(statistics.Refused, ("result", "refused"));
        text.Sample(statistics.Failed, ("result", "failed"));
        text.Family("sluice_northbound_plans_total", "counter", "Plans in committed transactions.");
        text.Sample(statistics.Plans);
        text.Family("sluice_northbound_operations_total", "counter", "Operations in committed transactions.");
        text.Sample(statistics.Operations);
        text.Family("sluice_northbound_busy_seconds_total", "counter", "Time between transactions and their replies.");
        text.Sample(statistics.Busy.TotalSeconds);
    }
}
