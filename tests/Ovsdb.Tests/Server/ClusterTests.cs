namespace Sluice.Ovsdb.Tests.Server;

/// <summary>A real cluster of three members.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private OvsdbServer[] _members = [];

    public async Task InitializeAsync()
    {
        var first = await OvsdbServer.CreateClusterAsync();
        await first.StartAsync();
        _members = [first];
        for (var i = 1; i < 3; i++)
        {
            var member = await OvsdbServer.JoinAsync(first);
            _members = [.. _members, member];
            await member.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_wants_the_leader_follows_it()
    {
        await using var client = NewClient(leaderOnly: true, _members);
        await client.StartAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await InsertAsync(client, "before");
        var leader = await LeaderAsync();

        await leader.KillAsync();

        await EventuallyAsync(() => InsertAsync(client, "after"));
        NamesIn(client).ShouldBe(["after", "before"]);
    }

    [Fact]
    public async Task A_client_that_wants_the_leader_leaves_who_is_none()
    {
        var leader = await LeaderAsync();
        var follower = _members.First(member => member != leader);
        await using var client = NewClient(leaderOnly: true, follower);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<OperationCanceledException>(() => client.StartAsync(patience.Token));
    }

    [Fact]
    public async Task Any_member_will_do_for_who_does_not_mind()
    {
        var leader = await LeaderAsync();
        var follower = _members.First(member => member != leader);
        await using var client = NewClient(leaderOnly: false, follower);
        await client.StartAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        await InsertAsync(client, "by a follower");

        NamesIn(client).ShouldBe(["by a follower"]);
    }

    private async Task<OvsdbServer> LeaderAsync()
    {
        OvsdbServer? leader = null;
        await EventuallyAsync(async () =>
        {
            foreach (var member in _members)
            {
                if (await member.IsLeaderAsync())
                    leader = member;
            }

            return leader is not null;
        });
        return leader!;
    }

    private static OvsdbClient NewClient(bool leaderOnly, params OvsdbServer[] members) => members[0].NewClient(options => options with
    {
        Endpoints = [.. members.Select(member => member.Endpoint)],
        LeaderOnly = leaderOnly,
        MaxBackoff = TimeSpan.FromMilliseconds(200),
    });

    private static Task InsertAsync(OvsdbClient client, string name) =>
        client.TransactAsync([new Insert("Logical_Router", [new("name", Value.Of(name))])], CancellationToken.None);

    private static IEnumerable<string> NamesIn(OvsdbClient client) =>
        client.Replica.Current["Logical_Router"].Rows.Select(row => row["name"].AsString()).Order(StringComparer.Ordinal);

    private static Task EventuallyAsync(Func<Task> attempt) => EventuallyAsync(async () =>
    {
        await attempt();
        return true;
    });

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (OvsdbException e) when (e.IsTransient && !e.IsOutcomeUnknown)
            {
                // There is no leader to write to at the moment.
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
