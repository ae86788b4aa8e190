using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Controller.Http;
using Sluice.Controller.Loop;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovsdb;
using Sluice.Plan;

namespace Sluice.Controller.Tests.Pure;

public sealed class ReconcileLoopTests
{
    [Fact]
    public async Task A_key_that_never_ends_shows_while_others_come_and_go()
    {
        var reconciler = new Gate();
        using var stop = new CancellationTokenSource();
        var queue = new WorkQueue<OwnerKey>();
        using var loop = new ReconcileLoop(
            [reconciler], queue, new(), new ControllerMetrics(), NullLogger<ReconcileLoop>.Instance, TimeProvider.System);
        loop.Oldest.ShouldBeNull();
        var running = loop.RunAsync(stop.Token);

        var stuck = new OwnerKey("Gate", "stuck");
        queue.Add(stuck);
        await reconciler.Entered.Task;
        queue.Add(new("Gate", "quick"));
        await Support.Eventually.HoldsAsync(() => reconciler.Quick > 0);

        loop.Oldest!.Value.Key.ShouldBe(stuck);
        loop.Oldest!.Value.Age.ShouldBeGreaterThan(TimeSpan.Zero);
        reconciler.Leave.SetResult();
        await Support.Eventually.HoldsAsync(() => loop.Oldest is null);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_server_that_is_gone_is_one_line_without_a_trace_however_many_keys_fail()
    {
        var log = new Recorder();
        using var stop = new CancellationTokenSource();
        var queue = new WorkQueue<OwnerKey>(new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)));
        var failing = new Failing();
        using var loop = new ReconcileLoop([failing], queue, new(), new ControllerMetrics(), log, TimeProvider.System);
        var running = loop.RunAsync(stop.Token);
        for (var i = 0; i < 100; i++) queue.Add(new("Gate", $"{i}"));
        await Support.Eventually.HoldsAsync(() => failing.Failures > 1000);
        await stop.CancelAsync();
        await running;

        var line = log.Lines.ShouldHaveSingleItem();
        line.ShouldMatch("^Error: Gate/[0-9]+ failed, again in [0-9:.]+, 0 more like it before: not connected$");
    }

    private sealed class Failing : IReconciler
    {
        private int _failures;

        public string Kind => "Gate";

        public int Failures => Volatile.Read(ref _failures);

        public Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _failures);
            throw new OvsdbException("not connected", isTransient: true);
        }
    }

    /// <summary>What the log shows: the line, and the trace of an exception below it.</summary>
    private sealed class Recorder : ILogger<ReconcileLoop>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
    }

    private sealed class Gate : IReconciler
    {
        public string Kind => "Gate";

        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Leave { get; } = new();

        public int Quick { get; private set; }

        public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
        {
            if (key.Name == "quick")
            {
                Quick++;
                return Outcome.Done;
            }
            Entered.SetResult();
            await Leave.Task;
            return Outcome.Done;
        }
    }
}
