using System.Threading.Channels;

namespace Sluice.Kube.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), _time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task A_key_that_waits_is_not_queued_twice()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("a");

        (await TakeAllAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_key_added_while_it_is_worked_on_comes_back_after_Done()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("a");
        _queue.Count.ShouldBe(0);

        _queue.Done("a");

        (await TakeAllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_key_that_was_not_added_again_does_not_come_back()
    {
        _queue.Add("a");
        await TakeAsync();

        _queue.Done("a");

        _queue.Count.ShouldBe(0);
        _queue.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_rests_comes_back_once_for_all_that_was_added_meanwhile()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Done("a", rest: TimeSpan.FromSeconds(1));
        _queue.Add("a");
        _queue.AddAfter("a", TimeSpan.FromMilliseconds(200));

        _time.Advance(TimeSpan.FromMilliseconds(900));
        (await TakeAllAsync()).ShouldBeEmpty();
        _queue.IsIdle.ShouldBeFalse("it is wanted");

        _time.Advance(TimeSpan.FromMilliseconds(100));
        (await TakeAllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_key_that_rests_is_not_waited_for_when_nobody_wants_it()
    {
        _queue.Add("a");
        await TakeAsync();

        _queue.Done("a", rest: TimeSpan.FromSeconds(1));

        _queue.IsIdle.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.Add("a");
        (await TakeAllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Of_several_delays_the_earliest_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(3));
        _queue.AddAfter("a", TimeSpan.FromSeconds(7));
        _queue.AddAfter("b", TimeSpan.FromSeconds(5));
        _queue.IsIdle.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(2.9));
        (await TakeAllAsync()).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await TakeAllAsync()).ShouldBe(["a"]);
        _time.Advance(TimeSpan.FromSeconds(60));
        (await TakeAllAsync()).ShouldBe(["b"]);
        _queue.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task A_delay_that_is_over_adds_at_once()
    {
        _queue.AddAfter("a", TimeSpan.Zero);

        (await TakeAllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public void Retries_back_off_until_the_key_is_forgotten()
    {
        var delays = Enumerable.Range(0, 5).Select(_ => _queue.Retry("a").TotalSeconds).ToList();
        delays.ShouldBe([1, 2, 4, 5, 5]);
        _queue.Failures("a").ShouldBe(5);
        _queue.Retry("b").TotalSeconds.ShouldBe(1);

        _queue.Forget("a");

        _queue.Failures("a").ShouldBe(0);
        _queue.Retry("a").TotalSeconds.ShouldBe(1);
    }

    [Fact]
    public async Task A_retried_key_comes_back_when_its_delay_is_over()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Retry("a");
        _queue.Done("a");
        _queue.Count.ShouldBe(0);

        _time.Advance(TimeSpan.FromSeconds(1));

        (await TakeAllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Taking_waits_for_a_key()
    {
        var taking = _queue.TakeAsync(default).AsTask();
        taking.IsCompleted.ShouldBeFalse();

        _queue.Add("a");

        (await taking).ShouldBe("a");
    }

    [Fact]
    public async Task A_disposed_queue_ends_its_takers()
    {
        var taking = _queue.TakeAsync(default).AsTask();

        _queue.Dispose();

        await Should.ThrowAsync<ChannelClosedException>(taking);
    }

    [Fact]
    public async Task Many_workers_never_share_a_key_and_lose_no_addition()
    {
        const int Keys = 20;
        const int Additions = 5_000;
        using var queue = new WorkQueue<int>();
        var wanted = new int[Keys];
        var seen = new int[Keys];
        var holders = new int[Keys];
        var overlaps = 0;
        using var stop = new CancellationTokenSource();

        async Task WorkAsync()
        {
            while (true)
            {
                var key = await queue.TakeAsync(stop.Token);
                if (Interlocked.Increment(ref holders[key]) > 1)
                    Interlocked.Increment(ref overlaps);
                Volatile.Write(ref seen[key], Volatile.Read(ref wanted[key]));
                await Task.Yield();
                Interlocked.Decrement(ref holders[key]);
                queue.Done(key);
            }
        }

        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(WorkAsync)).ToArray();
        await Task.Run(async () =>
        {
            for (var i = 0; i < Additions; i++)
            {
                var key = i * 7 % Keys;
                Interlocked.Increment(ref wanted[key]);
                queue.Add(key);
                if (i % 50 == 0)
                    await Task.Yield();
            }
        });

        await Eventually.TrueAsync(() => queue.IsIdle);
        await stop.CancelAsync();
        foreach (var worker in workers)
            await Should.ThrowAsync<OperationCanceledException>(worker);
        overlaps.ShouldBe(0);
        seen.ShouldBe(wanted);
    }

    private ValueTask<string> TakeAsync() => _queue.TakeAsync(default);

    private async Task<List<string>> TakeAllAsync()
    {
        var keys = new List<string>();
        while (_queue.Count > 0)
        {
            keys.Add(await TakeAsync());
            _queue.Done(keys[^1]);
        }

        return keys;
    }
}
