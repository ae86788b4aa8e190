using System.Net.Sockets;
using System.Text;
using Sluice.Fuzzing;
using Xunit.Abstractions;

namespace Sluice.Ovsdb.Tests.Scripted;

/// <summary>
/// A server that says anything at all: the client leaves it with <see cref="OvsdbException"/> or takes it for what it is, comes back, and
/// shows what the next sane server says.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Row = "11111111-1111-1111-1111-111111111111";
    private const string Loaded = $$$$$$"""[false,"a0000000-0000-0000-0000-000000000000",{"T":{"{{{{{{Row}}}}}}":{"initial":{"name":"a","tags":["set",["x","y"]]}}}}]""";
    private const string Update = $$$$$$"""{"method":"update3","id":null,"params":["D","c0000000-0000-0000-0000-000000000000",{"T":{"{{{{{{Row}}}}}}":{"modify":{"name":"b","tags":["set",["z"]]}},"22222222-2222-2222-2222-222222222222":{"insert":{"name":"new"}}}}]}""";
    private const long MemoryBudget = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedServer _server = new();
    private OvsdbClient _client = null!;

    public async Task InitializeAsync()
    {
        _client = new OvsdbClient(_server.Options with { MaxBackoff = _server.Options.MinBackoff });
        var starting = _client.StartAsync(CancellationToken.None);
        using (await _server.AcceptAsync(Loaded))
            await starting.WaitAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Changed_notifications_and_replies()
    {
        string[] corpus =
        [
            Update,
            $$$$$$"""{"method":"update3","id":null,"params":["D","d0000000-0000-0000-0000-000000000000",{"T":{"{{{{{{Row}}}}}}":{"delete":null}}}]}""",
            """{"id":3,"error":null,"result":[{"count":1},{"uuid":["uuid","33333333-3333-3333-3333-333333333333"]},{}]}""",
            """{"id":3,"error":null,"result":[null,{"error":"constraint violation","details":"because"}]}""",
            """{"id":3,"error":{"error":"not leader","details":"x"},"result":null}""",
            """{"method":"echo","id":"e","params":[1,2.5e3,"three",null]}{"method":"locked","id":null,"params":["lock"]}""",
        ];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var inputs = 0;
        foreach (var (seed, input) in Fuzz.Bytes(600, corpus))
        {
            await SendAsync(input, pieces: seed % 7, $"input {seed}: {Encoding.UTF8.GetString(input)}");
            inputs++;
        }
        await IsSaneAsync();
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        growth.ShouldBeLessThan(MemoryBudget);
        output.WriteLine($"figure: {inputs} changed notifications and replies of an OVSDB server survived, {growth >> 10} KiB kept");
    }

    [Fact]
    public async Task Changed_schemas_and_first_contents()
    {
        var inputs = 0;
        foreach (var (seed, input) in Fuzz.Bytes(300, $$"""{"id":1,"error":null,"result":{{ScriptedServer.Schema}}}"""))
        {
            using var connection = await AcceptAsync($"schema {seed}: {Encoding.UTF8.GetString(input)}");
            (await connection.ReadAsync()).GetProperty("id").GetInt64().ShouldBe(1);
            await TrySendAsync(connection, input, pieces: 1);
            inputs++;
        }
        foreach (var (seed, input) in Fuzz.Bytes(300, $$"""{"id":2,"error":null,"result":{{Loaded}}}"""))
        {
            using var connection = await AcceptAsync($"contents {seed}: {Encoding.UTF8.GetString(input)}");
            await connection.ExpectAsync("get_schema", ScriptedServer.Schema);
            (await connection.ReadAsync()).GetProperty("id").GetInt64().ShouldBe(2);
            await TrySendAsync(connection, input, pieces: 1);
            inputs++;
        }
        await IsSaneAsync();
        output.WriteLine($"figure: {inputs} changed schemas and first contents of an OVSDB server survived");
    }

    [Fact]
    public async Task Hostile_messages()
    {
        string[] messages =
        [
            new string('[', 1_000_000),
            string.Concat(Enumerable.Repeat("{\"a\":", 200_000)),
            $$"""{"method":"update3","id":null,"params":{{new string('[', 500)}}{{new string(']', 500)}}}""",
            $$"""{"method":"{{new string('x', 20_000_000)}}""",
            string.Concat(Enumerable.Repeat("{}", 200_000)),
            """{"id":3,"id":4,"error":null,"result":[]}""",
            """{"id":99999999999999999999999999,"error":null,"result":[]}""",
            """{"id":-1,"error":null,"result":[]}{"id":"three","error":null,"result":[]}{"id":[3],"error":null,"result":[]}{"id":null,"error":null,"result":null}""",
            """{"id":3}""", """{"id":3,"error":null}""", """{"id":3,"error":null,"result":"text"}""", """{"id":3,"error":null,"result":[[]]}""", """{"id":3,"error":7,"result":null}""",
            "[1,2,3]", "null", "\"\"", "0", "{", "}", "]", "\ufeff{}", "",
            Update.Replace("\"b\"", "1e400", StringComparison.Ordinal),
            Update.Replace("\"b\"", "\"\\ud800\"", StringComparison.Ordinal),
            Update.Replace("\"b\"", "[\"uuid\",\"no\"]", StringComparison.Ordinal),
            Update.Replace("[\"z\"]", "[[\"set\",[[\"set\",[]]]]]", StringComparison.Ordinal),
            Update.Replace("\"T\"", "\"Unknown\"", StringComparison.Ordinal),
            Update.Replace("\"name\"", "\"unknown\"", StringComparison.Ordinal),
            Update.Replace("c0000000-0000-0000-0000-000000000000", "no id", StringComparison.Ordinal),
            Update.Replace("\"modify\"", "\"initial\":{},\"modify\"", StringComparison.Ordinal),
            Update.Replace("update3", "update2", StringComparison.Ordinal),
            Update.Replace("\"D\"", "\"Other\"", StringComparison.Ordinal),
            """{"method":"monitor_canceled","id":null,"params":["D"]}""",
        ];
        foreach (var message in messages)
            await SendAsync(Encoding.UTF8.GetBytes(message), pieces: 1, message[..Math.Min(message.Length, 200)]);
        await SendAsync([0xff, 0xfe, 0x00, 0x80], pieces: 1, "no UTF-8");
        await SendAsync([.. "{\"method\":\"update3\",\"params\":[\"D\",\""u8, 0xc3, 0x28, .. "\"]}"u8], pieces: 1, "no UTF-8 in a string");
        await IsSaneAsync();
        output.WriteLine($"figure: {messages.Length + 2} hostile messages of an OVSDB server survived");
    }

    [Fact]
    public async Task A_message_cut_in_two_anywhere()
    {
        using var connection = await _server.AcceptAsync(Loaded);
        var message = Encoding.UTF8.GetBytes(Update.Replace(",\"22222222-2222-2222-2222-222222222222\":{\"insert\":{\"name\":\"new\"}}", "", StringComparison.Ordinal));
        for (var cut = 1; cut < message.Length; cut++)
        {
            var name = (byte)('a' + (cut % 26));
            message[Array.LastIndexOf(message, (byte)'b')] = name;
            await connection.SendAsync(message[..cut]);
            await Task.Yield();
            await connection.SendAsync(message[cut..]);
            await EventuallyAsync(() => Names() == $"{(char)name}");
            message[Encoding.UTF8.GetString(message).IndexOf("\"name\":\"", StringComparison.Ordinal) + 8] = (byte)'b';
        }
        output.WriteLine($"figure: {message.Length - 1} places at which a message was cut");
    }

    /// <summary>Says something to a client that waits for the reply to a transaction, and hangs up.</summary>
    private async Task SendAsync(byte[] input, int pieces, string what)
    {
        using var connection = await AcceptAsync(what);
        await connection.ExpectAsync("get_schema", ScriptedServer.Schema);
        await connection.ExpectAsync("monitor_cond_since", Loaded);
        await EventuallyAsync(() => _client.IsConnected);
        var transaction = _client.TransactAsync([new Comment("c")], CancellationToken.None);
        await connection.ReadAsync();
        await TrySendAsync(connection, input, pieces);
        connection.Dispose();
        try
        {
            await transaction.WaitAsync(Patience);
        }
        catch (OvsdbException)
        {
            // That is how a client says so.
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The transaction ended with {e.GetType().Name} after {what}", e);
        }
    }

    /// <summary>A client may well hang up in the middle.</summary>
    private static async Task TrySendAsync(ScriptedConnection connection, byte[] input, int pieces)
    {
        try
        {
            await connection.SendAsync(input, Math.Max(1, pieces));
        }
        catch (SocketException)
        {
            // It did.
        }
    }

    private async Task<ScriptedConnection> AcceptAsync(string next)
    {
        try
        {
            return await _server.AcceptAsync();
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The client does not come back before {next}", e);
        }
    }

    private async Task IsSaneAsync()
    {
        using var connection = await _server.AcceptAsync(Loaded);
        await EventuallyAsync(() => _client.IsConnected && Names() == "a");
    }

    private string Names() => string.Join(",", _client.Replica.Current["T"].Rows.Select(row => row["name"].AsString()));

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(1, patience.Token);
    }
}
