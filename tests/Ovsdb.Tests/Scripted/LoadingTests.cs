using System.Text.Json;

namespace Sluice.Ovsdb.Tests.Scripted;

/// <summary>How a replica is loaded from a database that has tables of children, which may be large.</summary>
public sealed class LoadingTests : IAsyncLifetime
{
    private const string Schema = """{"name":"D","version":"1.0.0","tables":{"Child":{"columns":{"name":{"type":"string"}}},"Root":{"columns":{"name":{"type":"string"}},"isRoot":true}}}""";
    private const string A = "11111111-1111-1111-1111-111111111111";
    private const string B = "22222222-2222-2222-2222-222222222222";

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
    public async Task Tables_come_step_by_step_and_are_shown_together()
    {
        var announced = new List<RowChange>();
        _client.Replica.Changed += delta => announced.AddRange(delta.Changes);
        var starting = _client.StartAsync(CancellationToken.None);
        using var connection = await _server.AcceptAsync();
        await connection.ExpectAsync("get_schema", Schema);

        var monitor = await connection.ExpectAsync("monitor_cond_since", """[false,"00000000-0000-0000-0000-000000000000",{}]""");
        Where(monitor, 2, "Child").ShouldBe("[false]");
        Where(monitor, 2, "Root").ShouldBe("[false]");

        var children = await connection.ReadAsync();
        Where(children, 2, "Child").ShouldBe("[true]");
        await connection.SendAsync(Update("Child", A, """{"insert":{"name":"a"}}""") + Done(children));

        // Somebody else's transaction comes between the steps.
        var roots = await connection.ReadAsync();
        Where(roots, 2, "Root").ShouldBe("[true]");
        await connection.SendAsync(Update("Child", A, """{"modify":{"name":"a2"}}"""));
        starting.IsCompleted.ShouldBeFalse();
        _client.Replica.Current.HasTable("Child").ShouldBeFalse();

        await connection.SendAsync(Update("Root", B, """{"insert":{"name":"b"}}""") + Done(roots));
        await starting.WaitAsync(TimeSpan.FromSeconds(10));
        announced.Select(change => (change.Table, change.New!["name"].AsString())).ShouldBe([("Child", "a2"), ("Root", "b")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_connection_lost_between_the_steps_begins_anew()
    {
        var starting = _client.StartAsync(CancellationToken.None);
        using (var connection = await _server.AcceptAsync())
        {
            await connection.ExpectAsync("get_schema", Schema);
            await connection.ExpectAsync("monitor_cond_since", """[false,"a0000000-0000-0000-0000-000000000000",{}]""");
            var children = await connection.ReadAsync();
            await connection.SendAsync(Update("Child", A, """{"insert":{"name":"old"}}""") + Done(children));
        }

        using var second = await _server.AcceptAsync();
        await second.ExpectAsync("get_schema", Schema);
        var monitor = await second.ExpectAsync("monitor_cond_since", """[false,"b0000000-0000-0000-0000-000000000000",{}]""");
        monitor.GetProperty("params")[3].GetString().ShouldBe(Guid.Empty.ToString());
        await second.SendAsync(Done(await second.ReadAsync()));
        await second.SendAsync(Done(await second.ReadAsync()));
        await starting.WaitAsync(TimeSpan.FromSeconds(10));

        _client.Replica.Current["Child"].Count.ShouldBe(0);
    }

    [Fact]
    public async Task After_a_complete_load_a_reconnect_asks_for_everything_at_once_from_where_it_was()
    {
        var starting = _client.StartAsync(CancellationToken.None);
        using (var connection = await _server.AcceptAsync())
        {
            await connection.ExpectAsync("get_schema", Schema);
            await connection.ExpectAsync("monitor_cond_since", """[false,"a0000000-0000-0000-0000-000000000000",{}]""");
            await connection.SendAsync(Done(await connection.ReadAsync()));
            await connection.SendAsync(Done(await connection.ReadAsync()));
            await starting.WaitAsync(TimeSpan.FromSeconds(10));
        }

        using var second = await _server.AcceptAsync();
        await second.ExpectAsync("get_schema", Schema);
        var monitor = await second.ReadAsync();
        monitor.GetProperty("method").GetString().ShouldBe("monitor_cond_since");
        monitor.GetProperty("params")[3].GetString().ShouldBe("a0000000-0000-0000-0000-000000000000");
        monitor.GetProperty("params")[2].GetProperty("Child")[0].TryGetProperty("where", out _).ShouldBeFalse();
    }

    private static string Where(JsonElement request, int parameter, string table) =>
        request.GetProperty("params")[parameter].GetProperty(table)[0].GetProperty("where").GetRawText();

    private static string Done(JsonElement request) => $$$"""{"id":{{{request.GetProperty("id")}}},"error":null,"result":{}}""";

    private static string Update(string table, string row, string change) =>
        $$$$"""{"method":"update3","id":null,"params":["D","a0000000-0000-0000-0000-000000000000",{"{{{{table}}}}":{"{{{{row}}}}":{{{{change}}}}}}]}""";
}
