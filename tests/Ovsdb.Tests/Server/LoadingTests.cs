namespace Sluice.Ovsdb.Tests.Server;

public sealed class LoadingTests : IAsyncLifetime
{
    private OvsdbServer _server = null!;
    private OvsdbClient _writer = null!;

    public async Task InitializeAsync()
    {
        _server = await OvsdbServer.StartNewAsync();
        _writer = _server.NewClient();
        await _writer.StartAsync(CancellationToken.None);
        await _writer.TransactAsync([new Insert("Logical_Router", [new("name", Value.Of("r"))])], CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_loaded_while_others_write_is_never_half_of_a_transaction()
    {
        var halves = 0;
        var writing = WriteAsync();
        var clients = new List<OvsdbClient>();
        while (!writing.IsCompleted || clients.Count < 3)
        {
            var client = _server.NewClient();
            client.Replica.Changed += delta => Interlocked.Add(ref halves, IsWhole(delta.After) ? 0 : 1);
            await client.StartAsync(CancellationToken.None);
            clients.Add(client);
        }

        await writing;
        foreach (var client in clients)
        {
            // Its reply comes after whatever was written before.
            await client.TransactAsync([new Comment("are we there?")], CancellationToken.None);
            Rows(client).ShouldBe(Rows(_writer), ignoreOrder: true);
            await client.DisposeAsync();
        }

        halves.ShouldBe(0);
    }

    private async Task WriteAsync()
    {
        var router = _writer.Replica.Current["Logical_Router"].Rows.Single().Uuid;
        for (var number = 0; number < 300; number++)
        {
            await _writer.TransactAsync(
            [
                new Insert("NAT", [new("type", Value.Of("snat")), new("external_ip", Value.Of($"10.0.0.{number}")), new("logical_ip", Value.Of("192.168.0.1"))], "n"),
                new Mutate("Logical_Router", [Condition.Uuid(router)], [new("nat", Mutator.Insert, Value.Of(Atom.Named("n")))]),
            ], CancellationToken.None);
        }
    }

    /// <summary>A NAT row lives in a router's set, both come by one transaction.</summary>
    private static bool IsWhole(ReplicaSnapshot snapshot) =>
        snapshot["Logical_Router"].Rows.Sum(router => router["nat"].Count) == snapshot["NAT"].Count;

    private static IEnumerable<string> Rows(OvsdbClient client) =>
        client.Replica.Current["NAT"].Rows.Select(row => $"{row.Uuid} {row["external_ip"]}")
            .Concat(client.Replica.Current["Logical_Router"].Rows.Select(row => $"{row.Uuid} {row["nat"]}"));
}
