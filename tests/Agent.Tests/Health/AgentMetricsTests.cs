using Sluice.Agent.Health;
using Sluice.Agent.Tests.Support;
using Sluice.Tests;

namespace Sluice.Agent.Tests.Health;

public sealed class AgentMetricsTests
{
    [Fact]
    public void Metrics_are_as_documented_and_dashboards_ask_for_no_others()
    {
        var metrics = new AgentMetrics();
        metrics.Served("add", "done", TimeSpan.FromMilliseconds(40));
        metrics.Reconciled("ProviderNetwork", "blocked", TimeSpan.FromMilliseconds(4));
        metrics.OvsDisconnects.Add();
        metrics.AddGauges(text => AgentMetrics.WriteState(text, isConnected: true, isSpeaking: false, waiting: 3));

        var text = PrometheusText.Parse(metrics.ToString());

        text.Value("sluice_agent_cni_requests_total{command=add,result=done}").ShouldBe(1);
        text.Value("sluice_agent_cni_request_duration_seconds_bucket{command=add,le=0.05}").ShouldBe(1);
        text.Value("sluice_agent_reconcile_total{kind=ProviderNetwork,result=blocked}").ShouldBe(1);
        text.Value("sluice_agent_ovs_disconnects_total{}").ShouldBe(1);
        text.Value("sluice_agent_ovs_connected{}").ShouldBe(1);
        text.Value("sluice_agent_bfd_speaker_running{}").ShouldBe(0);
        text.Value("sluice_agent_queue_length{}").ShouldBe(3);
        string[] rows = [.. MetricsPage.Rows(Repository.Root, "## sluice-agent")];
        text.Families.Values.Where(family => !rows.Any(row => MetricsPage.Describes(row, family))).Select(family => family.ToString())
            .ShouldBeEmpty("docs/metrics.md does not describe them, or otherwise");
        rows.Length.ShouldBe(text.Families.Count);
        MetricsPage.Asked(Repository.Root).Where(name => name.StartsWith("sluice_agent_", StringComparison.Ordinal)).Except(text.Families.Keys).ShouldBeEmpty();
    }
}
