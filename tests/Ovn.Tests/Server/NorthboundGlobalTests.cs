using System.Collections.Concurrent;
using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using TestContext = Sluice.Ovn.Tests.Support.TestContext;

namespace Sluice.Ovn.Tests.Server;

/// <summary>The row of NB_Global, with the test in the place of ovn-northd.</summary>
public sealed class NorthboundGlobalTests : IAsyncLifetime
{
    private OvsdbServer _server = null!;
    private NorthboundDatabase _nb = null!;
    private OvsdbClient _northd = null!;

    public async Task InitializeAsync()
    {
        _server = await OvsdbServer.StartNewAsync();
        _nb = await _server.ConnectAsync();
        _northd = await _server.ConnectStrangerAsync();
    }

    public async Task DisposeAsync()
    {
        await _northd.DisposeAsync();
        await _nb.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Options_are_set_one_by_one_and_only_when_they_differ()
    {
        await _nb.Global.SetOptionAsync("use_logical_dp_groups", "true", TestContext.Timeout());
        var prefix = new Mutation("options", Mutator.Insert, Ops.Map(("mac_prefix", "0a:00:00")));
        await _northd.TransactAsync([new Mutate("NB_Global", [], [prefix])], TestContext.Timeout());
        await _nb.Global.SetOptionAsync("use_logical_dp_groups", "false", TestContext.Timeout());
        await _nb.Global.SetOptionAsync("use_logical_dp_groups", "false", TestContext.Timeout());
        await _nb.Global.SetOptionAsync("unknown", null, TestContext.Timeout());

        _nb.Global.Current.ShouldNotBeNull().Options.ShouldBe(StringMap.Of(("mac_prefix", "0a:00:00"), ("use_logical_dp_groups", "false")));
        _nb.Statistics.Transactions.ShouldBe(2);
        await _nb.Global.SetOptionAsync("use_logical_dp_groups", null, TestContext.Timeout());
        _nb.Global.Current!.Options.ShouldBe(StringMap.Of(("mac_prefix", "0a:00:00")));
    }

    [Fact]
    public async Task Callers_wait_for_the_target_and_share_a_request()
    {
        var first = _nb.Global.SyncAsync(SyncTarget.Southbound, TestContext.Timeout());
        await SeenAsync(row => row.NbCfg == 1);
        var others = Enumerable.Range(0, 50).Select(_ => _nb.Global.SyncAsync(SyncTarget.Hypervisors, TestContext.Timeout())).ToList();
        first.IsCompleted.ShouldBeFalse();

        await SetAsync("sb_cfg", 1);
        (await first).ShouldBe(1);
        await SeenAsync(row => row.NbCfg == 2);
        await SetAsync("sb_cfg", 2);
        await SeenAsync(row => row.SbCfg == 2);
        others.ShouldAllBe(other => !other.IsCompleted);
        await SetAsync("hv_cfg", 2);

        (await Task.WhenAll(others)).ShouldAllBe(number => number == 2);
        _nb.Global.Current!.NbCfg.ShouldBe(2);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_others_waiting()
    {
        using var impatience = new CancellationTokenSource();
        var impatient = _nb.Global.SyncAsync(SyncTarget.Southbound, impatience.Token);
        var patient = _nb.Global.SyncAsync(SyncTarget.Southbound, TestContext.Timeout());
        await SeenAsync(row => row.NbCfg == 1);

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);

        // Whoever asked while the first bump was on its way waits for the second.
        await SetAsync("sb_cfg", 2);

        (await patient).ShouldBeInRange(1, 2);
    }

    private Task SetAsync(string column, long number) =>
        _northd.TransactAsync([new Update("NB_Global", [], [new(column, Value.Of(number))])], TestContext.Timeout());

    private async Task SeenAsync(Func<NbGlobal, bool> condition)
    {
        using var changed = new BlockingCollection<bool>();
        void OnChanged(NorthboundSnapshot _) => changed.Add(true);
        _nb.Changed += OnChanged;
        while (_nb.Global.Current is not { } row || !condition(row))
            await Task.Run(() => changed.Take(TestContext.Timeout()));
        _nb.Changed -= OnChanged;
    }
}
