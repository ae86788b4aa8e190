using System.Collections.Concurrent;
using Sluice.Metrics;

namespace Sluice.Agent.Health;

/// <summary>What the agent counts, in the text format of Prometheus. docs/metrics.md explains each.</summary>
internal sealed class AgentMetrics
{
    private readonly Counter _requests = new("sluice_agent_cni_requests_total", "Requests of the CNI plugin, by how they ended.", "command", "result");

    private readonly Histogram _requestDurations = new(
        "sluice_agent_cni_request_duration_seconds", "Time that a request of the CNI plugin took.", "command", Histogram.Seconds);

    private readonly Counter _reconciles = new(
        "sluice_agent_reconcile_total", "Keys worked on, such as the bridges of provider networks, by how it ended.", "kind", "result");

    private readonly Histogram _reconcileDurations = new("sluice_agent_reconcile_duration_seconds", "Time spent on a key.", "kind", Histogram.Seconds);

    private readonly ConcurrentQueue<Action<MetricsText>> _gauges = [];

    /// <summary>Connections to the OVS database that were lost.</summary>
    public Counter OvsDisconnects { get; } = new("sluice_agent_ovs_disconnects_total", "How often the connection to the OVS database was lost.");

    /// <summary>Times that the kernel had more to say about links than was read.</summary>
    public Counter LinkOverruns { get; } = new("sluice_agent_link_overruns_total", "How often events about links were lost, so that all of them were looked at.");

    /// <summary>Adds figures that are looked up when somebody asks.</summary>
    public void AddGauges(Action<MetricsText> write) => _gauges.Enqueue(write);

    /// <param name="command">The last segment of the path, such as add.</param>
    /// <param name="result">done or failed.</param>
    public void Served(string command, string result, TimeSpan duration)
    {
        _requests.Add(command, result);
        _requestDurations.Observe(command, duration.TotalSeconds);
    }

    /// <param name="result">done, after, blocked or failed.</param>
    public void Reconciled(string kind, string result, TimeSpan duration)
    {
        _reconciles.Add(kind, result);
        _reconcileDurations.Observe(kind, duration.TotalSeconds);
    }

    public override string ToString()
    {
        var text = new MetricsText();
        foreach (var counter in (Counter[])[_requests, _reconciles, OvsDisconnects, LinkOverruns])
            counter.Write(text);
        foreach (var histogram in (Histogram[])[_requestDurations, _reconcileDurations])
            histogram.Write(text);
        ProcessMetrics.Write(text);
        foreach (var write in _gauges)
            write(text);
        return text.ToString();
    }

    /// <summary>The state of what the agent depends on.</summary>
    /// <param name="isConnected">Whether the OVS database is.</param>
    /// <param name="isSpeaking">Whether a BFD speaker runs.</param>
    public static void WriteState(MetricsText text, bool isConnected, bool isSpeaking, int waiting)
    {
        text.Family("sluice_agent_ovs_connected", "gauge", "1 while there is a connection to the OVS database.");
        text.Sample(isConnected ? 1 : 0);
        text.Family("sluice_agent_bfd_speaker_running", "gauge", "1 while this node keeps a BFD speaker (BIRD) with sessions.");
        text.Sample(isSpeaking ? 1 : 0);
        text.Family("sluice_agent_queue_length", "gauge", "Keys that wait for a worker.");
        text.Sample(waiting);
    }
}
