using Sluice.Controller.Http;

namespace Sluice.Controller.Tests.Pure;

public sealed class ControllerMetricsTests
{
    [Fact]
    public void Figures_are_written_as_Prometheus_reads_them()
    {
        var metrics = new ControllerMetrics();
        metrics.Reconciled("Subnet", "done", TimeSpan.FromMilliseconds(1500));
        metrics.Reconciled("Subnet", "done", TimeSpan.FromMilliseconds(500));
        metrics.ApiWrite("OvnEip", "status");
        metrics.ApiConflict("OvnEip", "status");
        metrics.AddGauges(text =>
        {
            text.Family("odd", "gauge", "Odd labels.");
            text.Sample(1.5, ("path", "a\\b\"c\nd"), ("other", ""));
        });

        metrics.ToString().ShouldBe(
            """
            # HELP sluice_reconcile_total Keys worked on, by how it ended.
            # TYPE sluice_reconcile_total counter
            sluice_reconcile_total{kind="Subnet",result="done"} 2
            # HELP sluice_reconcile_seconds_total Time spent on keys.
            # TYPE sluice_reconcile_seconds_total counter
            sluice_reconcile_seconds_total{kind="Subnet"} 2
            # HELP sluice_api_writes_total Objects written to the API server.
            # TYPE sluice_api_writes_total counter
            sluice_api_writes_total{kind="OvnEip",verb="status"} 1
            # HELP sluice_api_conflicts_total Writes dropped because the object had changed.
            # TYPE sluice_api_conflicts_total counter
            sluice_api_conflicts_total{kind="OvnEip",verb="status"} 1
            # HELP odd Odd labels.
            # TYPE odd gauge
            odd{path="a\\b\"c\nd",other=""} 1.5

            """);
    }
}
