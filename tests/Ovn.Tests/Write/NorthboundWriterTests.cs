using Sluice.Ovn.Write;
using Sluice.Ovsdb;
using TestContext = Sluice.Ovn.Tests.Support.TestContext;

namespace Sluice.Ovn.Tests.Write;

public sealed class NorthboundWriterTests
{
    private readonly ScriptedServer _server = new();
    private readonly NorthboundWriter _writer;

    public NorthboundWriterTests() => _writer = new(_server.TransactAsync, fullTransaction: 10, TimeProvider.System);

    [Fact]
    public async Task A_plan_is_sent_at_once_when_nothing_is_under_way()
    {
        await CommitAsync("a");
        await CommitAsync("b");

        _server.Sent.ShouldBe(["Vpc/a", "Vpc/b"]);
    }

    [Fact]
    public async Task Plans_that_become_ready_during_a_transaction_share_the_next()
    {
        var (reply, first) = await StartAsync();
        Task[] others = [CommitAsync("b"), CommitAsync("c"), CommitAsync("d")];
        reply.SetResult();
        await Task.WhenAll([first, .. others]);

        _server.Sent.ShouldBe(["Vpc/a", "Vpc/b Vpc/c Vpc/d"]);
        (_writer.Statistics.Transactions, _writer.Statistics.Plans, _writer.Statistics.Operations).ShouldBe((2, 4, 4));
    }

    [Fact]
    public async Task A_full_transaction_takes_no_further_plan_and_a_large_plan_is_not_divided()
    {
        var (reply, first) = await StartAsync();
        Task[] others = [CommitAsync("b", 4), CommitAsync("c", 4), CommitAsync("d", 4), CommitAsync("e", 50), CommitAsync("f", 1)];
        reply.SetResult();
        await Task.WhenAll([first, .. others]);

        _server.Sent.ShouldBe(["Vpc/a", "Vpc/b Vpc/c", "Vpc/d", "Vpc/e", "Vpc/f"]);
    }

    [Fact]
    public async Task A_large_plan_that_may_be_divided_is_sent_part_by_part_with_three_under_way()
    {
        TaskCompletionSource[] replies = [_server.HoldNext(), _server.HoldNext(), _server.HoldNext()];
        var large = CommitAsync("a", 20, 5, 12, 14, 18);
        var next = CommitAsync("b");
        await _server.SentAsync(3);
        replies[0].SetResult();
        await _server.SentAsync(4);
        replies[1].SetResult();
        replies[2].SetResult();
        await Task.WhenAll(large, next);

        _server.Transactions.Select(operations => operations.OfType<Delete>().Count()).ShouldBe([5, 7, 2, 4, 2, 1]);
        _server.Sent.ShouldBe(["Vpc/a", "Vpc/a", "Vpc/a", "Vpc/a", "Vpc/a", "Vpc/b"]);
        (_writer.Statistics.Transactions, _writer.Statistics.Plans, _writer.Statistics.Operations).ShouldBe((6, 2, 21));
    }

    [Fact]
    public async Task A_plan_that_fits_into_one_transaction_is_not_divided()
    {
        await CommitAsync("a", 10, 5);

        _server.Sent.ShouldBe(["Vpc/a"]);
    }

    [Fact]
    public async Task When_a_part_fails_the_others_are_not_sent_and_the_plan_fails()
    {
        var error = new OvsdbException("constraint violation", isTransient: false);
        _server.Verdict = operations => operations.Count == 8 ? error : null;
        var plan = CommitAsync("a", 40, 10, 17, 20, 25, 30, 35);

        (await Should.ThrowAsync<OvsdbException>(plan)).ShouldBeSameAs(error);
        _server.Sent.Count.ShouldBeInRange(2, 5);
        await CommitAsync("b");
        _server.Sent[^1].ShouldBe("Vpc/b");
        _writer.Statistics.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_at_fault_is_refused_and_the_others_are_committed_in_few_transactions()
    {
        var error = new OvsdbException("constraint violation", isTransient: false);
        _server.Verdict = operations => operations.Contains(new Delete("bad", [])) ? error : null;
        var (reply, first) = await StartAsync();
        var good = Enumerable.Range(0, 4).Select(number => CommitAsync($"good{number}")).ToList();
        var bad = _writer.CommitAsync(new("Vpc", "bad"), [new Delete("bad", [])], [], TestContext.Timeout());
        good.AddRange(Enumerable.Range(4, 4).Select(number => CommitAsync($"good{number}")));
        reply.SetResult();

        (await Should.ThrowAsync<OvsdbException>(bad)).ShouldBeSameAs(error);
        await Task.WhenAll([first, .. good]);
        _writer.Statistics.Plans.ShouldBe(9);
        _writer.Statistics.Transactions.ShouldBeLessThan(6);
    }

    [Fact]
    public async Task When_the_reason_is_not_in_the_plans_all_fail_without_being_tried_again()
    {
        _server.Verdict = _ => new OvsdbException("not owner", isTransient: true);
        var (reply, first) = await StartAsync();
        Task[] all = [first, CommitAsync("b"), CommitAsync("c")];
        reply.SetResult();

        foreach (var plan in all)
            (await Should.ThrowAsync<OvsdbException>(plan)).IsTransient.ShouldBeTrue();
        _server.Sent.ShouldBe(["Vpc/a", "Vpc/b Vpc/c"]);
        (_writer.Statistics.Failed, _writer.Statistics.Transactions).ShouldBe((2, 0));
    }

    [Fact]
    public async Task Only_the_plan_whose_row_is_gone_is_told_so()
    {
        var uuid = Guid.NewGuid();
        Operation gone = new Mutate("Logical_Router", [Condition.Uuid(uuid)], [new("nat", Mutator.Insert, Value.Of(uuid))]);
        _server.Count = operation => operation == gone ? 0 : 1;
        var (reply, first) = await StartAsync();
        var stale = _writer.CommitAsync(new("Vpc", "stale"), [new Delete("NAT", []), gone], [], TestContext.Timeout());
        var fresh = CommitAsync("fresh");
        reply.SetResult();

        (await Should.ThrowAsync<OvsdbException>(stale)).IsTransient.ShouldBeTrue();
        await Task.WhenAll(first, fresh);
        _server.Sent.ShouldBe(["Vpc/a", "Vpc/stale Vpc/fresh"]);
    }

    [Fact]
    public async Task A_plan_that_nobody_waits_for_any_more_is_not_sent()
    {
        using var impatience = new CancellationTokenSource();
        var (reply, first) = await StartAsync();
        var abandoned = _writer.CommitAsync(new("Vpc", "b"), [new Delete("NAT", [])], [], impatience.Token);
        var last = CommitAsync("c");
        await impatience.CancelAsync();
        reply.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(abandoned);
        await Task.WhenAll(first, last);
        _server.Sent.ShouldBe(["Vpc/a", "Vpc/c"]);
    }

    [Fact]
    public async Task Two_plans_of_one_owner_do_not_share_a_transaction()
    {
        var (reply, first) = await StartAsync();
        Task[] all = [first, CommitAsync("b"), CommitAsync("b"), CommitAsync("c")];
        reply.SetResult();
        await Task.WhenAll(all);

        _server.Sent.ShouldBe(["Vpc/a", "Vpc/b", "Vpc/b Vpc/c"]);
    }

    [Fact]
    public async Task A_lock_is_asserted_before_anything_else()
    {
        _writer.LockName = "sluice";

        await CommitAsync("a");

        _server.Transactions.ShouldHaveSingleItem()[0].ShouldBe(new Ovsdb.Assert("sluice"));
    }

    [Fact]
    public async Task A_transaction_advances_the_sequence_once_if_one_of_its_plans_wants_that()
    {
        var advance = new Mutate("NB_Global", [], [new("nb_cfg", Mutator.Add, Value.Of(1L))]);
        var writer = new NorthboundWriter(_server.TransactAsync, fullTransaction: 10, TimeProvider.System)
        {
            Advance = () => advance,
            AdvancesFor = owner => owner.Kind == "Vpc",
        };
        await CommitAsync(new("Port", "a"));
        var reply = _server.HoldNext();
        Task[] all = [CommitAsync(new("Port", "b")), CommitAsync(new("Vpc", "c")), CommitAsync(new("Vpc", "d")), CommitAsync(new("Port", "e"))];
        reply.SetResult();
        await Task.WhenAll(all);

        var rows = _server.Transactions.Sum(transaction => transaction.OfType<Delete>().Count());
        rows.ShouldBe(5);
        _server.Transactions.Count(transaction => transaction.Contains(advance)).ShouldBeInRange(1, 2);
        _server.Transactions.ShouldAllBe(transaction => transaction.OfType<Mutate>().Count() <= 1);
        _server.Transactions[0].ShouldNotContain(advance);

        Task CommitAsync(OwnerKey owner) => writer.CommitAsync(owner, [new Delete("NAT", [])], [], TestContext.Timeout());
    }

    [Fact]
    public async Task Nothing_to_write_is_no_transaction()
    {
        await _writer.CommitAsync(new("Vpc", "a"), [], [], TestContext.Timeout());

        _server.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_comment_names_no_more_owners_than_a_reader_wants()
    {
        var writer = new NorthboundWriter(_server.TransactAsync, fullTransaction: 100, TimeProvider.System);
        var reply = _server.HoldNext();
        var all = Enumerable.Range(0, 40)
            .Select(number => writer.CommitAsync(new("Vpc", $"{number}"), [new Delete("NAT", [])], [], TestContext.Timeout()))
            .ToList();
        reply.SetResult();
        await Task.WhenAll(all);

        _server.Sent.ShouldContain(comment => comment.Split(' ').Length == 19 && comment.Contains(" and ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_waits_for_the_transaction_under_way_and_fails_the_rest()
    {
        var (reply, first) = await StartAsync();
        var second = CommitAsync("b");
        var stopping = _writer.StopAsync();

        stopping.IsCompleted.ShouldBeFalse();
        (await Should.ThrowAsync<OvsdbException>(second)).IsTransient.ShouldBeTrue();
        reply.SetResult();
        await stopping;
        await first;
        await Should.ThrowAsync<ObjectDisposedException>(() => CommitAsync("c"));
    }

    private Task CommitAsync(string owner, int operations = 1, params int[] cuts) =>
        _writer.CommitAsync(new("Vpc", owner), [.. Enumerable.Repeat(new Delete("NAT", []), operations)], cuts, TestContext.Timeout());

    /// <summary>Brings a transaction with the plan of <c>a</c> under way; it ends when the reply is given.</summary>
    private async Task<(TaskCompletionSource Reply, Task First)> StartAsync()
    {
        var reply = _server.HoldNext();
        var first = CommitAsync("a");
        while (true)
        {
            lock (_server.Sent)
            {
                if (_server.Sent.Count > 0)
                    return (reply, first);
            }
            await Task.Delay(1, TestContext.Timeout());
        }
    }
}
