using Sluice.Agent.Attachments;

namespace Sluice.Agent.Tests.Attachments;

public sealed class KeyedLockTests
{
    [Fact]
    public async Task One_holder_per_key_and_no_trace_afterwards()
    {
        var locks = new KeyedLock<string>();
        var first = await locks.AcquireAsync("a", CancellationToken.None);
        var second = locks.AcquireAsync("a", CancellationToken.None);
        (await locks.AcquireAsync("b", CancellationToken.None)).Dispose();
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();
        first.Dispose();
        locks.IsHeld("a").ShouldBeTrue();
        (await second).Dispose();
        locks.IsHeld("a").ShouldBeFalse();
        locks.IsHeld("b").ShouldBeFalse();
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_no_trace()
    {
        var locks = new KeyedLock<string>();
        var holder = await locks.AcquireAsync("a", CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var waiting = locks.AcquireAsync("a", patience.Token);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        holder.Dispose();
        locks.IsHeld("a").ShouldBeFalse();
    }
}
