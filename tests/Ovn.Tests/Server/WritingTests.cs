using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using TestContext = Sluice.Ovn.Tests.Support.TestContext;

namespace Sluice.Ovn.Tests.Server;

/// <summary>Many plans, and several writers, at a real ovsdb-server.</summary>
public sealed class WritingTests : IAsyncLifetime
{
    private OvsdbServer _server = null!;
    private NorthboundDatabase _nb = null!;

    public async Task InitializeAsync()
    {
        _server = await OvsdbServer.StartNewAsync();
        _nb = await _server.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _nb.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_burst_of_plans_takes_few_transactions()
    {
        const int Plans = 1000;

        await Task.WhenAll(Enumerable.Range(0, Plans).Select(number => _nb.CarryOutAsync(Owner(number), RouterWithRule(number))));

        _nb.Current.All<Nat>().Count().ShouldBe(Plans);
        _nb.Statistics.Plans.ShouldBe(Plans);
        _nb.Statistics.Transactions.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_refused_plan_blocks_no_other()
    {
        // Names of ports are unique in the database: the server refuses the second port, whichever that is.
        DesiredRow[] Clash(int number) =>
            [.. RouterWithRule(number), Row(number, "lrp", new LogicalRouterPort { Name = "same", Networks = ["10.0.0.1/24"] }, "ports")];
        var plans = Enumerable.Range(0, 100).Select(number => number is 20 or 60 ? Clash(number) : RouterWithRule(number)).ToList();
        var changes = plans.Select((plan, number) => RowDiff.Between(Owner(number), plan, _nb.Current).Operations).ToList();

        var results = changes.Select((operations, number) => _nb.CommitAsync(Owner(number), operations, TestContext.Timeout())).ToList();
        await Task.WhenAll(results).ContinueWithoutThrowing();

        var failed = results.FindIndex(result => result.IsFaulted);
        failed.ShouldBeOneOf(20, 60);
        var refused = await Should.ThrowAsync<OvsdbException>(results[failed]);
        (refused.Error, refused.IsTransient).ShouldBe(("constraint violation", false));
        results.Count(result => result.IsCompletedSuccessfully).ShouldBe(99);
        _nb.Current.Owners().Count.ShouldBe(99);
        RowDiff.Between(Owner(failed), plans[failed], _nb.Current).Conflicts.ShouldHaveSingleItem().Owner.ShouldBe(Owner(80 - failed));
    }

    [Fact]
    public async Task A_writer_that_lost_the_lock_changes_nothing()
    {
        var held = await _nb.LockAsync("sluice", TestContext.Timeout());
        await _nb.CarryOutAsync(Owner(1), RouterWithRule(1));
        await using var other = await _server.ConnectAsync();
        var waiting = other.LockAsync("sluice", TestContext.Timeout());
        waiting.IsCompleted.ShouldBeFalse();
        await using var thief = new LockThief(_server.Endpoint);

        await thief.StealAsync("sluice");
        var refused = await Should.ThrowAsync<OvsdbException>(() => _nb.CarryOutAsync(Owner(2), RouterWithRule(2)));

        (refused.Error, refused.IsTransient).ShouldBe(("not owner", true));
        _nb.Current.Owners().ShouldBe([Owner(1)]);
        held.Owned.ShouldBeFalse();
    }

    [Fact]
    public async Task The_lock_goes_to_the_next_writer_when_its_owner_leaves()
    {
        await _nb.LockAsync("sluice", TestContext.Timeout());
        await using var other = await _server.ConnectAsync();
        var waiting = other.LockAsync("sluice", TestContext.Timeout());

        await _nb.DisposeAsync();
        await waiting;

        await other.CarryOutAsync(Owner(1), RouterWithRule(1));
        _nb = await _server.ConnectAsync();
    }

    private static OwnerKey Owner(int number) => new("Vpc", $"vpc{number}");

    private static DesiredRow[] RouterWithRule(int number) =>
    [
        new(new(Owner(number), "router"), new LogicalRouter { Name = $"vpc{number}" }, []),
        Row(number, "nat/x", Plans.Fip($"10.5.{number / 250}.{number % 250}", "192.168.0.2"), "nat"),
    ];

    private static DesiredRow Row(int number, string name, OvnRow row, string set) =>
        new(new(Owner(number), name), row, [new("Logical_Router", RowRef.To(new(Owner(number), "router")), set)]);
}
