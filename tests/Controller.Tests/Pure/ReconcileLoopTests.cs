using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Controller.Http;
using Sluice.Controller.Loop;
using Sluice.Kube;
using Sluice.Ovn;
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
