namespace Sluice.Ovsdb.Tests.Server;

public sealed class TransactTests : IAsyncLifetime
{
    private OvsdbServer _server = null!;
    private OvsdbClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await OvsdbServer.StartNewAsync();
        _client = _server.NewClient(options => options with
        {
            Indexes = [new("Logical_Router", "name", row => row["name"].AsString())],
        });
        await _client.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_replica_shows_a_transaction_before_its_reply_is_delivered()
    {
        for (var number = 0; number < 200; number++)
        {
            await TransactAsync(new Insert("Logical_Router", [new("name", Value.Of($"r{number}"))]));
            _client.Replica.Current["Logical_Router"].Lookup("name", $"r{number}").Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_child_is_inserted_with_its_parent_by_name()
    {
        await TransactAsync(
            new Insert("NAT", [new("type", Value.Of("snat")), new("external_ip", Value.Of("10.0.0.1")), new("logical_ip", Value.Of("192.168.0.0/24"))], "n"),
            new Insert("Logical_Router", [new("name", Value.Of("r")), new("nat", Value.Of(Atom.Named("n")))]));

        var snapshot = _client.Replica.Current;
        var nat = snapshot["NAT"].Rows.ShouldHaveSingleItem();
        snapshot["Logical_Router"].Rows.ShouldHaveSingleItem()["nat"].ShouldBe(Value.Of(nat.Uuid));
        nat["external_ip"].AsString().ShouldBe("10.0.0.1");
        nat["external_mac"].ShouldBe(Value.EmptySet);
        nat["options"].ShouldBe(Value.EmptyMap);
    }

    [Fact]
    public async Task Sets_and_maps_follow_mutations_member_by_member()
    {
        await TransactAsync(new Insert("Logical_Router",
            [new("name", Value.Of("r")), new("external_ids", Value.Map([KeyValuePair.Create("a", "1"), KeyValuePair.Create("b", "2")]))]));

        await TransactAsync(new Mutate("Logical_Router", [Condition.Equal("name", Value.Of("r"))],
        [
            new("external_ids", Mutator.Delete, Value.Set(["a"])),
            new("external_ids", Mutator.Insert, Value.Map([KeyValuePair.Create("c", "3")])),
        ]));
        await TransactAsync(new Update("Logical_Router", [Condition.Equal("name", Value.Of("r"))], [new("enabled", Value.Of(false))]));

        var row = _client.Replica.Current["Logical_Router"].Lookup("name", "r").ShouldHaveSingleItem();
        row["external_ids"].ShouldBe(Value.Map([KeyValuePair.Create("b", "2"), KeyValuePair.Create("c", "3")]));
        row["enabled"].AsBool().ShouldBeFalse();
    }

    [Fact]
    public async Task Select_returns_rows()
    {
        await TransactAsync(new Insert("Logical_Router", [new("name", Value.Of("r"))]));

        var results = await TransactAsync(new Select("Logical_Router", [], ["name", "_uuid"]));

        results[0].Rows.ShouldHaveSingleItem()["name"].ShouldBe(Value.Of("r"));
    }

    [Fact]
    public async Task A_refused_transaction_names_the_operation_and_does_nothing()
    {
        var bad = new Insert("NAT", [new("type", Value.Of("no such type"))]);

        var refusal = await Should.ThrowAsync<OvsdbException>(TransactAsync(new Insert("Logical_Router", [new("name", Value.Of("r"))]), bad));

        refusal.Error.ShouldBe("constraint violation");
        refusal.Operation.ShouldBe(bad);
        refusal.IsTransient.ShouldBeFalse();
        _client.Replica.Current["Logical_Router"].Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_constraint_that_the_commit_violates_is_reported()
    {
        var dangling = new Update("NB_Global", [], [new("connections", Value.Of(Guid.NewGuid()))]);
        await TransactAsync(new Insert("NB_Global", []));

        var refusal = await Should.ThrowAsync<OvsdbException>(TransactAsync(dangling));

        refusal.Error.ShouldBe("referential integrity violation");
        refusal.Operation.ShouldBeNull();
    }

    [Fact]
    public async Task A_wait_that_does_not_hold_refuses_the_transaction()
    {
        await TransactAsync(new Insert("Logical_Router", [new("name", Value.Of("r"))]));

        var refusal = await Should.ThrowAsync<OvsdbException>(TransactAsync(
            new Wait("Logical_Router", [Condition.Equal("name", Value.Of("r"))], ["enabled"], Equal: true, [[new("enabled", Value.Of(true))]], TimeSpan.Zero)));

        refusal.Error.ShouldBe("timed out");
    }

    [Fact]
    public async Task Only_the_owner_of_a_lock_passes_its_assertion()
    {
        await using var other = _server.NewClient();
        await other.StartAsync(CancellationToken.None);
        var first = await _client.LockAsync("writer", CancellationToken.None);
        var second = await other.LockAsync("writer", CancellationToken.None);

        (first.Owned, second.Owned).ShouldBe((true, false));
        await TransactAsync(new Assert("writer"));
        (await Should.ThrowAsync<OvsdbException>(other.TransactAsync([new Assert("writer")], CancellationToken.None))).Error.ShouldBe("not owner");

        await _client.ReleaseAsync(first, CancellationToken.None);
        await second.WaitOwnedAsync(CancellationToken.None);
        await other.TransactAsync([new Assert("writer")], CancellationToken.None);
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_replica_catches_up()
    {
        await TransactAsync(new Insert("Logical_Router", [new("name", Value.Of("before"))]));
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await _server.KillAsync();
        _client.ConnectionChanged += up =>
        {
            if (up)
                connected.TrySetResult();
        };
        await _server.StartAsync();
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(10));

        _client.Replica.Current["Logical_Router"].Lookup("name", "before").Count.ShouldBe(1);
        await TransactAsync(new Insert("Logical_Router", [new("name", Value.Of("after"))]));
        _client.Replica.Current["Logical_Router"].Count.ShouldBe(2);
    }

    private Task<IReadOnlyList<OperationResult>> TransactAsync(params Operation[] operations) =>
        _client.TransactAsync(operations, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
}
