using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sluice.Ovn;

/// <summary>What the writer of a database has done so far; also published by the meter <see cref="MeterName"/>.</summary>
public sealed class WriterStatistics
{
    public const string MeterName = "Sluice.Ovn";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> TransactionCounter = Meter.CreateCounter<long>("sluice.northbound.transactions", "{transaction}");
    private static readonly Counter<long> PlanCounter = Meter.CreateCounter<long>("sluice.northbound.plans", "{plan}");
    private static readonly Counter<long> OperationCounter = Meter.CreateCounter<long>("sluice.northbound.operations", "{operation}");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("sluice.northbound.duration", "s");

    private long _transactions;
    private long _plans;
    private long _operations;
    private long _refused;
    private long _failed;
    private long _busy;

    /// <summary>A transaction has ended, one way or another. Raised by the writer; a handler only takes note.</summary>
    public event Action<TransactionReport>? Ended;

    /// <summary>Transactions committed.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Plans in them.</summary>
    public long Plans => Interlocked.Read(ref _plans);

    /// <summary>Operations in them, not counting those that every transaction starts with.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Transactions that the server refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Transactions that failed for reasons that have nothing to do with their content.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>The time between sending transactions and their replies, in sum.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Interlocked.Read(ref _busy));

    internal void OnCommitted(int plans, int operations, TimeSpan duration)
    {
        Interlocked.Increment(ref _transactions);
        Interlocked.Add(ref _plans, plans);
        Interlocked.Add(ref _operations, operations);
        PlanCounter.Add(plans);
        OperationCounter.Add(operations);
        OnReply(new(TransactionReport.Committed, plans, operations, duration));
    }

    internal void OnRefused(int plans, int operations, TimeSpan duration)
    {
        Interlocked.Increment(ref _refused);
        OnReply(new(TransactionReport.Refused, plans, operations, duration));
    }

    internal void OnFailed(int plans, int operations, TimeSpan duration)
    {
        Interlocked.Increment(ref _failed);
        OnReply(new(TransactionReport.Failed, plans, operations, duration));
    }

    private void OnReply(TransactionReport report)
    {
        Interlocked.Add(ref _busy, report.Duration.Ticks);
        var tags = new TagList { { "result", report.Result } };
        TransactionCounter.Add(1, tags);
        Duration.Record(report.Duration.TotalSeconds, tags);
        Ended?.Invoke(report);
    }
}
