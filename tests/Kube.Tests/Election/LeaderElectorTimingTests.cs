using Microsoft.AspNetCore.Http;

namespace Sluice.Kube.Tests.Election;

/// <summary>When exactly a leader gives up, by a clock that only moves when told to.</summary>
public sealed class LeaderElectorTimingTests : IAsyncLifetime
{
    private const string Missing = """{"reason": "NotFound", "code": 404}""";

    private readonly ManualTimeProvider _time = new();
    private readonly DateTimeOffset _start;
    private ScriptedServer _server = null!;
    private KubeClient _client = null!;
    private DateTimeOffset? _toldToStopAt;

    public LeaderElectorTimingTests() => _start = _time.GetUtcNow();

    public async Task InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _client = _server.Client(time: _time);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_leader_that_gets_no_answer_stops_when_its_renew_deadline_has_passed()
    {
        _server.Answer(404, Missing).Then(Stored);
        var (elector, leading) = Start();
        await Eventually.TrueAsync(() => elector.IsLeader && _time.HasTimerAt(TimeSpan.FromSeconds(2)));

        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => _server.Requests.Count == 3);
        _time.Advance(TimeSpan.FromSeconds(7.9));
        elector.IsLeader.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await Eventually.TrueAsync(() => _toldToStopAt is not null);

        (await EndAsync(leading)).ShouldBeTrue();
        _toldToStopAt.ShouldBe(_start.AddSeconds(10));
    }

    [Fact]
    public async Task The_deadline_counts_from_when_the_lease_was_asked_for_not_from_when_the_answer_came()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer(404, Missing).Then(async context =>
        {
            await answer.Task;
            await Stored(context);
        });
        var (elector, leading) = Start();
        await Eventually.TrueAsync(() => _server.Requests.Count == 2);
        _time.Advance(TimeSpan.FromSeconds(9));
        answer.SetResult();
        await Eventually.TrueAsync(() => elector.IsLeader && _time.HasTimerAt(TimeSpan.FromSeconds(10)));

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _toldToStopAt is not null);

        (await EndAsync(leading)).ShouldBeTrue();
        _toldToStopAt.ShouldBe(_start.AddSeconds(10));
    }

    private static Task Stored(HttpContext context) => context.Response.WriteAsync(
        """{"metadata": {"name": "l", "namespace": "ns", "resourceVersion": "1"}, "spec": {"holderIdentity": "me", "leaseDurationSeconds": 15}}""");

    private (LeaderElector Elector, Task<bool> Leading) Start()
    {
        var elector = new LeaderElector(_client, new LeaderElectionOptions { Namespace = "ns", Name = "l", Identity = "me" }, time: _time);
        var leading = elector.RunAsync(
            async term =>
            {
                await Task.Delay(Timeout.Infinite, term).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _toldToStopAt = _time.GetUtcNow();
            },
            default);
        return (elector, leading);
    }

    /// <summary>Giving the lease back goes unanswered too, for as long as that may take.</summary>
    private async Task<bool> EndAsync(Task<bool> leading)
    {
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return leading.IsCompleted;
        });
        return await leading;
    }
}
