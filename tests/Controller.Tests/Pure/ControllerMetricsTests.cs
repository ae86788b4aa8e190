using Sluice.Controller.Http;
using Sluice.Metrics;
using Sluice.Ovn;
using Sluice.Tests;

namespace Sluice.Controller.Tests.Pure;

public sealed class ControllerMetricsTests
{
    [Fact]
    public void Figures_are_written_as_Prometheus_reads_them()
    {
        var metrics = new ControllerMetrics();
        metrics.Reconciled("Subnet", "done", TimeSpan.FromMilliseconds(1500));
        metrics.Reconciled("Subnet", "done", TimeSpan.FromMilliseconds(500));
        metrics.Retried("Subnet");
        metrics.ApiWrite("OvnEip", "status");
        metrics.ApiConflict("OvnEip", "status");
        metrics.Transacted(new(TransactionReport.Committed, 2, 7, TimeSpan.FromMilliseconds(3)));
        metrics.Transacted(new(TransactionReport.Refused, 1, 1, TimeSpan.FromMinutes(1)));

        var text = PrometheusText.Parse(metrics.ToString());

        text.Value("sluice_reconcile_total{kind=Subnet,result=done}").ShouldBe(2);
        text.Value("sluice_reconcile_retries_total{kind=Subnet}").ShouldBe(1);
        text.Value("sluice_reconcile_duration_seconds_sum{kind=Subnet}").ShouldBe(2);
        text.Value("sluice_reconcile_duration_seconds_bucket{kind=Subnet,le=0.25}").ShouldBe(0);
        text.Value("sluice_reconcile_duration_seconds_bucket{kind=Subnet,le=0.5}").ShouldBe(1);
        text.Value("sluice_reconcile_duration_seconds_bucket{kind=Subnet,le=+Inf}").ShouldBe(2);
        text.Value("sluice_api_writes_total{kind=OvnEip,verb=status}").ShouldBe(1);
        text.Value("sluice_api_conflicts_total{kind=OvnEip,verb=status}").ShouldBe(1);
        text.Value("sluice_northbound_operations_total{}").ShouldBe(7);
        text.Value("sluice_northbound_transaction_operations_bucket{le=10,result=committed}").ShouldBe(1);
        text.Value("sluice_northbound_transaction_duration_seconds_bucket{le=30,result=refused}").ShouldBe(0);
        text.Value("process_resident_memory_bytes{}").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Labels_and_help_are_escaped()
    {
        var text = new MetricsText();
        text.Family("odd", "gauge", "Odd\\\nhelp.");
        text.Sample(1.5, ("path", "a\\b\"c\nd"), ("other", ""));

        text.ToString().ShouldBe("# HELP odd Odd\\\\\\nhelp.\n# TYPE odd gauge\nodd{path=\"a\\\\b\\\"c\\nd\",other=\"\"} 1.5\n");
        var parsed = PrometheusText.Parse(text.ToString());
        parsed.Families["odd"].Help.ShouldBe("Odd\\\nhelp.");
        parsed.Value("odd{other=,path=a\\b\"c\nd}").ShouldBe(1.5);
    }

    [Theory]
    [InlineData("a 1\n")]
    [InlineData("# HELP a A.\na 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na 1\na 2\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\nb 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\n")]
    [InlineData("# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n")]
    public void The_reader_of_the_tests_is_strict(string text) => Should.Throw<FormatException>(() => PrometheusText.Parse(text));
}
