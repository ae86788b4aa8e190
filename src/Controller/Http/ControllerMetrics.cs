using System.Collections.Concurrent;
using Sluice.Metrics;
using Sluice.Ovn;

namespace Sluice.Controller.Http;

/// <summary>What the controller counts, over all of its terms, in the text format of Prometheus. docs/metrics.md explains each.</summary>
public sealed class ControllerMetrics
{
    private readonly Counter _reconciles = new("sluice_reconcile_total", "Keys worked on, by how it ended.", "kind", "result");
    private readonly Counter _retries = new("sluice_reconcile_retries_total", "Keys put back after a failure.", "kind");
    private readonly Histogram _durations = new("sluice_reconcile_duration_seconds", "Time spent on a key.", "kind", Histogram.Seconds);
    private readonly Counter _writes = new("sluice_api_writes_total", "Objects written to the API server.", "kind", "verb");
    private readonly Counter _conflicts = new("sluice_api_conflicts_total", "Writes dropped because the object had changed.", "kind", "verb");
    private readonly Counter _transactions = new("sluice_northbound_transactions_total", "Transactions, by how they ended.", "result");
    private readonly Counter _plans = new("sluice_northbound_plans_total", "Plans in committed transactions.");
    private readonly Counter _operations = new("sluice_northbound_operations_total", "Operations in committed transactions.");

    private readonly Histogram _latencies = new(
        "sluice_northbound_transaction_duration_seconds", "Time between a transaction and its reply.", "result", Histogram.Seconds);

    private readonly Histogram _sizes = new(
        "sluice_northbound_transaction_operations", "Operations in a transaction.", "result", 1, 3, 10, 30, 100, 300, 1000, 3000, 10000);

    private readonly ConcurrentBag<Action<MetricsText>> _gauges = [];

    /// <summary>Northbound rows written, by what became of them.</summary>
    public Counter Rows { get; } = new(
        "sluice_northbound_rows_total", "Rows written, by kind of owner and by why: inserted, updated, deleted, adopted, repaired or orphaned.", "kind", "change");

    /// <summary>API objects written since the start.</summary>
    public long ApiWrites => _writes.Total;

    /// <summary>Objects of one kind written in one way since the start.</summary>
    public long ApiWritesOf(string kind, string verb) => _writes.Of(kind, verb);

    /// <summary>Adds figures that are looked up when somebody asks.</summary>
    public void AddGauges(Action<MetricsText> write) => _gauges.Add(write);

    /// <param name="result">done, after, blocked or failed.</param>
    public void Reconciled(string kind, string result, TimeSpan duration)
    {
        _reconciles.Add(kind, result);
        _durations.Observe(kind, duration.TotalSeconds);
    }

    /// <summary>A key failed and is to be tried again.</summary>
    public void Retried(string kind) => _retries.Add(kind);

    public void ApiWrite(string kind, string verb) => _writes.Add(kind, verb);

    /// <summary>A write was dropped because the object had changed.</summary>
    public void ApiConflict(string kind, string verb) => _conflicts.Add(kind, verb);

    public void Transacted(TransactionReport transaction)
    {
        _transactions.Add(transaction.Result);
        _latencies.Observe(transaction.Result, transaction.Duration.TotalSeconds);
        _sizes.Observe(transaction.Result, transaction.Operations);
        if (transaction.Result != TransactionReport.Committed) return;
        _plans.Add(amount: transaction.Plans);
        _operations.Add(amount: transaction.Operations);
    }

    public override string ToString()
    {
        var text = new MetricsText();
        foreach (var counter in (Counter[])[_reconciles, _retries, _writes, _conflicts, _transactions, _plans, _operations, Rows])
            counter.Write(text);
        foreach (var histogram in (Histogram[])[_durations, _latencies, _sizes])
            histogram.Write(text);
        ProcessMetrics.Write(text);
        foreach (var write in _gauges)
            write(text);
        return text.ToString();
    }
}
