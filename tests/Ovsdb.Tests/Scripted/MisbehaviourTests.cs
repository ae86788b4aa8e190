namespace Sluice.Ovsdb.Tests.Scripted;

public sealed class MisbehaviourTests : IAsyncLifetime
{
    private const string Row = "11111111-1111-1111-1111-111111111111";
    private const string LoadedA = """[false,"a0000000-0000-0000-0000-000000000000",{"T":{"11111111-1111-1111-1111-111111111111":{"initial":{"name":"a"}}}}]""";

    private readonly ScriptedServer _server = new();
    private OvsdbClient _client = null!;

    public Task InitializeAsync()
    {
        _client = new OvsdbClient(_server.Options);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task An_update_cut_into_single_bytes_is_applied_once_it_is_whole()
    {
        using var connection = await StartAsync(LoadedA);

        await connection.SendAsync(Update("""{"modify":{"name":"b","tags":["set",["x","y"]]}}"""), pieces: int.MaxValue);

        await EventuallyAsync(() => Names() == "b");
        _client.Replica.Current["T"].Rows.Single()["tags"].ShouldBe(Value.Set(["x", "y"]));
    }

    [Fact]
    public async Task The_reply_that_follows_an_update_is_delivered_after_it()
    {
        using var connection = await StartAsync(LoadedA);
        var transaction = _client.TransactAsync([new Comment("c")], CancellationToken.None);
        var request = await connection.ReadAsync();

        await connection.SendAsync(Update("""{"modify":{"name":"mine"}}""") + $$"""{"id":{{request.GetProperty("id")}},"error":null,"result":[{}]}""");
        await transaction;

        Names().ShouldBe("mine");
    }

    [Fact]
    public async Task A_connection_lost_before_the_reply_leaves_the_outcome_unknown()
    {
        var connection = await StartAsync(LoadedA);
        var transaction = _client.TransactAsync([new Comment("c")], CancellationToken.None);
        await connection.ReadAsync();

        connection.Dispose();

        var failure = await Should.ThrowAsync<OvsdbException>(transaction);
        (failure.IsTransient, failure.IsOutcomeUnknown).ShouldBe((true, true));
    }

    [Fact]
    public async Task After_a_reconnect_the_replica_resumes_where_it_was()
    {
        var connection = await StartAsync(LoadedA);
        connection.Dispose();

        using var second = await _server.AcceptAsync();
        await second.ExpectAsync("get_schema", ScriptedServer.Schema);
        var monitor = await second.ExpectAsync("monitor_cond_since",
            $$$$$"""[true,"b0000000-0000-0000-0000-000000000000",{"T":{"{{{{{Row}}}}}":{"modify":{"name":"resumed"}}}}]""");

        monitor.GetProperty("params")[3].GetString().ShouldBe("a0000000-0000-0000-0000-000000000000");
        await EventuallyAsync(() => Names() == "resumed");
    }

    [Theory]
    [InlineData("""{"modify":{"name":"b"}}""")]
    [InlineData("""{"delete":null}""")]
    public async Task A_change_of_a_row_that_never_came_makes_the_client_load_everything_again(string change)
    {
        using var connection = await StartAsync("""[false,"a0000000-0000-0000-0000-000000000000",{}]""");
        await connection.SendAsync(Update(change));

        using var second = await _server.AcceptAsync();
        await second.ExpectAsync("get_schema", ScriptedServer.Schema);
        var monitor = await second.ExpectAsync("monitor_cond_since", LoadedA);

        monitor.GetProperty("params")[3].GetString().ShouldBe(Guid.Empty.ToString());
        await EventuallyAsync(() => Names() == "a");
    }

    [Fact]
    public async Task While_the_connection_is_down_the_last_complete_view_stays()
    {
        var connection = await StartAsync(LoadedA);
        connection.Dispose();
        using var second = await _server.AcceptAsync();
        await second.ExpectAsync("get_schema", ScriptedServer.Schema);
        var request = await second.ReadAsync();
        await second.SendAsync($$"""{"id":{{request.GetProperty("id")}},"error":null,"result":[false,"b00""");

        Names().ShouldBe("a");
        _client.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task A_view_loaded_again_announces_only_what_differs()
    {
        var connection = await StartAsync(LoadedA);
        var announced = new List<RowChange>();
        _client.Replica.Changed += delta => announced.AddRange(delta.Changes);
        connection.Dispose();

        using var second = await _server.AcceptAsync(
            """[false,"b0000000-0000-0000-0000-000000000000",{"T":{"11111111-1111-1111-1111-111111111111":{"initial":{"name":"a"}},"22222222-2222-2222-2222-222222222222":{"initial":{"name":"new"}}}}]""");
        await EventuallyAsync(() => _client.IsConnected);

        announced.ShouldHaveSingleItem().New!["name"].AsString().ShouldBe("new");
    }

    [Fact]
    public async Task What_is_no_json_breaks_the_connection()
    {
        using var connection = await StartAsync(LoadedA);
        await connection.SendAsync("""{"id": nonsense}""");
        using var second = await _server.AcceptAsync(LoadedA);
        await EventuallyAsync(() => _client.IsConnected);
    }

    [Fact]
    public async Task An_echo_is_answered()
    {
        using var connection = await StartAsync(LoadedA);
        await connection.SendAsync("""{"method":"echo","id":"echo","params":["are you there?"]}""");

        var reply = await connection.ReadAsync();
        reply.GetProperty("id").GetString().ShouldBe("echo");
        reply.GetProperty("result")[0].GetString().ShouldBe("are you there?");
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_asked_and_then_left()
    {
        await using var client = new OvsdbClient(_server.Options with { InactivityProbe = TimeSpan.FromMilliseconds(50) });
        var starting = client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync(LoadedA);
        await starting;

        (await connection.ReadAsync()).GetProperty("method").GetString().ShouldBe("echo");
        using var second = await _server.AcceptAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_takes_no_more_is_left_although_a_write_to_it_is_stuck(bool speaks)
    {
        await using var client = new OvsdbClient(_server.Options with { InactivityProbe = TimeSpan.FromMilliseconds(100) });
        var starting = client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync(LoadedA);
        await starting;
        using var end = new CancellationTokenSource();
        var speaking = Task.Run(async () =>
        {
            while (speaks && !end.IsCancellationRequested)
            {
                await connection.SendAsync(Update("""{"modify":{"name":"b"}}"""));
                await Task.Delay(20);
            }
        });

        // More than any socket buffers: the write waits for the server, which never reads.
        var stuck = client.TransactAsync([new Comment(new string('x', 20_000_000))], CancellationToken.None);

        (await Should.ThrowAsync<OvsdbException>(stuck.WaitAsync(TimeSpan.FromSeconds(10)))).IsTransient.ShouldBeTrue();
        await end.CancelAsync();
        using var second = await _server.AcceptAsync();
        await ((Task)speaking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Fact]
    public async Task A_client_ends_although_a_write_is_stuck()
    {
        var client = new OvsdbClient(_server.Options);
        var starting = client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync(LoadedA);
        await starting;
        var stuck = client.TransactAsync([new Comment(new string('x', 20_000_000))], CancellationToken.None);
        await Task.Delay(50);

        await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        await Should.ThrowAsync<OvsdbException>(stuck);
    }

    [Fact]
    public async Task A_transaction_that_is_never_answered_ends_with_the_connection()
    {
        await using var client = new OvsdbClient(_server.Options with { TransactTimeout = TimeSpan.FromMilliseconds(100) });
        var starting = client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync(LoadedA);
        await starting;

        var failure = await Should.ThrowAsync<OvsdbException>(client.TransactAsync([new Comment("c")], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10)));

        failure.IsOutcomeUnknown.ShouldBeTrue();
        using var second = await _server.AcceptAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_tell_its_schema_is_left()
    {
        await using var client = new OvsdbClient(_server.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        var starting = client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync();
        (await connection.ReadAsync()).GetProperty("method").GetString().ShouldBe("get_schema");

        using var second = await _server.AcceptAsync(LoadedA);
        await starting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("""{"name":"D","version":"1.0.0","tables":{"T":{"columns":{"name":{"type":"string"}}},"T":{"columns":{"name":{"type":"string"}}}}}""")]
    [InlineData("""{"name":"D","version":"1.0.0","tables":{"T":{"columns":{"name":{"type":{"key":"colour"}}}}}}""")]
    [InlineData("""{"name":"D","version":"1.0.0","tables":[]}""")]
    [InlineData("17")]
    public async Task A_schema_that_makes_no_sense_does_not_end_the_client(string schema)
    {
        var starting = _client.StartAsync(CancellationToken.None);
        using (var connection = await _server.AcceptAsync())
            await connection.ExpectAsync("get_schema", schema);

        using var second = await _server.AcceptAsync(LoadedA);
        await starting.WaitAsync(TimeSpan.FromSeconds(10));
        Names().ShouldBe("a");
    }

    [Fact]
    public async Task A_table_and_a_column_that_the_server_lacks_are_left_out()
    {
        await using var client = new OvsdbClient(_server.Options with
        {
            Monitor = new Dictionary<string, IReadOnlyList<string>?> { ["T"] = ["name", "newer"], ["Newer"] = null },
        });
        var starting = client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync(LoadedA);
        await starting;

        client.Replica.Current.HasTable("Newer").ShouldBeFalse();
        client.Replica.Current.HasColumn("T", "newer").ShouldBeFalse();
        client.Replica.Current.HasColumn("T", "name").ShouldBeTrue();
    }

    private async Task<ScriptedConnection> StartAsync(string monitorReply)
    {
        var starting = _client.StartAsync(CancellationToken.None);
        var connection = await _server.AcceptAsync(monitorReply);
        await starting.WaitAsync(TimeSpan.FromSeconds(10));
        return connection;
    }

    private static string Update(string change) =>
        $$$$$"""{"method":"update3","id":null,"params":["D","c0000000-0000-0000-0000-000000000000",{"T":{"{{{{{Row}}}}}":{{{{{change}}}}}}}]}""";

    private string Names() => string.Join(",", _client.Replica.Current["T"].Rows.Select(row => row["name"].AsString()));

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var attempt = 0; !condition() && attempt < 1000; attempt++)
            await Task.Delay(10);
        condition().ShouldBeTrue();
    }
}
