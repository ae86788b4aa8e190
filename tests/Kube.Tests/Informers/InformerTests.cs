using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Informers;

/// <summary>How an informer gets over what a server or a network may do to it.</summary>
public sealed class InformerTests : IAsyncLifetime
{
    private const string ExpiredEvent = """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}""";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _changes = new();
    private ScriptedServer _server = null!;
    private KubeClient _client = null!;
    private Informer<Node> _informer = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _client = _server.Client();
        _informer = new Informer<Node>(_client, CoreResources.Nodes, new InformerOptions<Node>
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20)),
        });
        _informer.Changed += (old, item) => _changes.Enqueue($"{Describe(old)}->{Describe(item)}");
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Lists_from_the_cache_and_watches_from_there()
    {
        _server.Answer(List("10", ("a", 5), ("b", 6))).Stream(Change("ADDED", "c", 11), Change("MODIFIED", "a", 12), Change("DELETED", "b", 13));

        await RunUntilAsync("a12 c11");

        _informer.HasSynced.ShouldBeTrue();
        _changes.ShouldBe(["->a5", "->b6", "->c11", "a5->a12", "b6->"]);
        _server.Requests[0].ShouldBe("GET /api/v1/nodes?limit=500&resourceVersion=0");
        _server.Requests[1].ShouldStartWith("GET /api/v1/nodes?watch=true&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=");
        _server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Is_not_in_sync_before_the_first_list()
    {
        _server.Answer(500, "no").Then(context => context.Response.WriteAsync(List("10")));
        _informer.HasSynced.ShouldBeFalse();
        var waiting = _informer.WaitSyncedAsync(default);
        waiting.IsCompleted.ShouldBeFalse();

        _running = _informer.RunAsync(_stop.Token);

        await waiting;
        _informer.HasSynced.ShouldBeTrue();
        _server.Requests.Take(2).ShouldBe(["GET /api/v1/nodes?limit=500&resourceVersion=0", "GET /api/v1/nodes?limit=500&resourceVersion=0"]);
    }

    [Fact]
    public async Task A_watch_that_ended_is_resumed_after_its_last_event()
    {
        _server.Answer(List("10")).StreamAndEnd(Change("ADDED", "a", 15)).Stream(Change("ADDED", "b", 16));

        await RunUntilAsync("a15 b16");

        WatchedFrom().ShouldBe(["10", "15"]);
    }

    [Fact]
    public async Task A_watch_is_resumed_after_its_last_bookmark()
    {
        _server.Answer(List("10", ("a", 5)))
            .StreamAndEnd("""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"90"}}}""")
            .Stream(Change("ADDED", "b", 91));

        await RunUntilAsync("a5 b91");

        WatchedFrom().ShouldBe(["10", "90"]);
        _changes.ShouldBe(["->a5", "->b91"]);
    }

    [Fact]
    public async Task A_cut_watch_is_resumed_and_half_a_line_is_not_missed()
    {
        _server.Answer(List("10"))
            .StreamUntilCut([Change("ADDED", "a", 11)], """{"type":"ADDED","object":{"met""")
            .Stream(Change("ADDED", "b", 12));
        _running = _informer.RunAsync(_stop.Token);
        await ContentAsync("a11");

        _server.Cut();

        await ContentAsync("a11 b12");
        WatchedFrom().ShouldBe(["10", "11"]);
        _changes.ShouldBe(["->a11", "->b12"]);
    }

    [Fact]
    public async Task Server_errors_do_not_lose_the_place()
    {
        _server.Answer(List("10"))
            .StreamAndEnd(Change("ADDED", "a", 11))
            .Answer(500, "etcdserver: leader changed").Answer(403, """{"reason": "Forbidden", "message": "no"}""").Answer(503, "shutting down")
            .Stream(Change("ADDED", "b", 12));

        await RunUntilAsync("a11 b12");

        WatchedFrom().ShouldBe(["10", "11", "11", "11", "11"]);
    }

    [Fact]
    public async Task An_expired_version_lists_again_from_etcd_and_notices_what_was_deleted_meanwhile()
    {
        _server.Answer(List("10", ("a", 5), ("b", 6)))
            .StreamAndEnd(ExpiredEvent)
            .Answer(List("50", ("a", 5), ("c", 40)))
            .Stream(Change("ADDED", "d", 51));

        await RunUntilAsync("a5 c40 d51");

        _changes.ShouldBe(["->a5", "->b6", "->c40", "b6->", "->d51"]);
        WatchedFrom().ShouldBe(["10", "50"]);
        Lists().ShouldBe(["GET /api/v1/nodes?limit=500&resourceVersion=0", "GET /api/v1/nodes?limit=500"]);
    }

    [Fact]
    public async Task An_expired_version_may_also_be_refused_before_the_watch_begins()
    {
        _server.Answer(List("10", ("a", 5)))
            .Answer(410, """{"reason": "Expired", "code": 410}""")
            .Answer(List("50"))
            .Stream(Change("ADDED", "b", 51));

        await RunUntilAsync("b51");

        _changes.ShouldBe(["->a5", "a5->", "->b51"]);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":5}}}""")]
    [InlineData("""{"type":"WHAT","object":{"metadata":{"name":"x"}}}""")]
    public async Task A_broken_line_lists_again_not_older_than_what_is_known(string line)
    {
        _server.Answer(List("10", ("a", 5)))
            .Stream(Change("ADDED", "b", 11), line, Change("ADDED", "never", 13))
            .Answer(List("12", ("b", 11)))
            .Stream(Change("ADDED", "c", 14));

        await RunUntilAsync("b11 c14");

        Lists()[1].ShouldBe("GET /api/v1/nodes?limit=500&resourceVersion=11");
        WatchedFrom().ShouldBe(["10", "12"]);
    }

    [Fact]
    public async Task A_cache_that_lags_behind_is_passed_over()
    {
        _server.Answer(List("10"))
            .Stream("garbage")
            .Answer(504, """{"reason": "Timeout", "code": 504, "details": {"causes": [{"reason": "ResourceVersionTooLarge"}], "retryAfterSeconds": 1}}""")
            .Answer(List("12", ("a", 11)))
            .Stream();

        await RunUntilAsync("a11");

        Lists().ShouldBe(
        [
            "GET /api/v1/nodes?limit=500&resourceVersion=0",
            "GET /api/v1/nodes?limit=500&resourceVersion=10",
            "GET /api/v1/nodes?limit=500",
        ]);
    }

    [Fact]
    public async Task A_server_restored_from_a_backup_is_believed()
    {
        _server.Answer(List("1000", ("a", 900), ("b", 950)))
            .Stream(Change("MODIFIED", "a", 20))
            .Answer(List("21", ("a", 20)))
            .Stream(Change("ADDED", "c", 22));

        await RunUntilAsync("a20 c22");

        _changes.ShouldBe(["->a900", "->b950", "a900->a20", "b950->", "->c22"]);
        Lists()[1].ShouldBe("GET /api/v1/nodes?limit=500");
    }

    [Fact]
    public async Task A_handler_that_fails_does_not_stop_the_changes()
    {
        _informer.Changed += (_, _) => throw new InvalidOperationException("handler");
        _server.Answer(List("10", ("a", 5))).Stream(Change("ADDED", "b", 11));

        await RunUntilAsync("a5 b11");

        _changes.ShouldBe(["->a5", "->b11"]);
    }

    [Fact]
    public async Task A_response_to_our_own_write_is_seen_before_the_watch_brings_it()
    {
        _server.Answer(List("10", ("a", 5))).Stream();
        await RunUntilAsync("a5");

        _informer.Observe(new Node { Metadata = new ObjectMeta { Name = "a", ResourceVersion = "11" } });

        Content().ShouldBe("a11");
        _changes.ShouldBe(["->a5", "a5->a11"]);
    }

    [Fact]
    public async Task Selectors_and_transform_apply_to_lists_watches_and_responses()
    {
        var informer = new Informer<Node>(_client, CoreResources.Nodes, new InformerOptions<Node>
        {
            LabelSelector = "x=y",
            FieldSelector = "metadata.name!=z",
            PageSize = 0,
            Transform = node => node with { Metadata = node.Metadata with { Labels = null } },
        });
        _server
            .Answer("""{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"name":"a","resourceVersion":"1","labels":{"x":"y"}}}]}""")
            .Stream("""{"type":"ADDED","object":{"metadata":{"name":"b","resourceVersion":"11","labels":{"x":"y"}}}}""");
        _running = informer.RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => informer.Snapshot.Count == 2);

        informer.Observe(new Node { Metadata = new ObjectMeta { Name = "c", ResourceVersion = "12", Labels = new Dictionary<string, string>() } });

        informer.Snapshot.Count.ShouldBe(3);
        informer.Snapshot.All.ShouldAllBe(node => node.Metadata.Labels == null);
        _server.Requests[0].ShouldBe("GET /api/v1/nodes?labelSelector=x%3Dy&fieldSelector=metadata.name%21%3Dz&resourceVersion=0");
        _server.Requests[1].ShouldContain("&labelSelector=x%3Dy&fieldSelector=metadata.name%21%3Dz&resourceVersion=10&");
    }

    [Fact]
    public async Task An_object_that_becomes_unreadable_stays_what_it_was_and_holds_up_nothing()
    {
        _server.Answer(List("10", ("a", 5), ("b", 6), ("c", 7)))
            .StreamAndEnd(Unreadable("a", 11), Change("MODIFIED", "b", 12), Unreadable("new", 13), ExpiredEvent)
            .Answer(List("20", ("b", 12)).Replace("[{", $"[{UnreadableNode("a", 11)},{UnreadableNode("new", 13)},{{", StringComparison.Ordinal))
            .Stream(Change("ADDED", "d", 21), Unreadable("b", 22).Replace("MODIFIED", "DELETED", StringComparison.Ordinal), Change("MODIFIED", "a", 23));

        await RunUntilAsync("a23 d21");

        _changes.ShouldBe(["->a5", "->b6", "->c7", "b6->b12", "c7->", "->d21", "b12->", "a5->a23"]);
        Lists().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_known_before_every_object_could_be_read_once()
    {
        _server.Answer(List("10", ("a", 5)).Replace("[{", $"[{UnreadableNode("b", 4)},{{", StringComparison.Ordinal))
            .Then(context =>
            {
                _informer.HasSynced.ShouldBeFalse();
                return context.Response.WriteAsync(List("11", ("a", 5), ("b", 11)));
            })
            .Stream();

        await RunUntilAsync("a5 b11");

        _changes.ShouldBe(["->a5", "->b11"]);
    }

    private static string UnreadableNode(string name, int version) =>
        $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"{{{version}}}"},"status":5}""";

    private static string Unreadable(string name, int version) => $$$"""{"type":"MODIFIED","object":{{{UnreadableNode(name, version)}}}}""";

    private static string List(string version, params (string Name, int Version)[] items)
    {
        var nodes = items.Select(item => $$$"""{"metadata":{"name":"{{{item.Name}}}","resourceVersion":"{{{item.Version}}}"}}""");
        return $$$"""{"kind":"NodeList","metadata":{"resourceVersion":"{{{version}}}"},"items":[{{{string.Join(',', nodes)}}}]}""";
    }

    private static string Change(string type, string name, int version) =>
        $$$$"""{"type":"{{{{type}}}}","object":{"metadata":{"name":"{{{{name}}}}","resourceVersion":"{{{{version}}}}"}}}""";

    private static string Describe(Node? node) => node is null ? "" : node.Metadata.Name + node.Metadata.ResourceVersion;

    private List<string> Lists() => [.. _server.Requests.Where(request => !request.Contains("watch=true", StringComparison.Ordinal))];

    private List<string> WatchedFrom() =>
    [
        .. from request in _server.Requests
           where request.Contains("watch=true", StringComparison.Ordinal)
           select request.Split("resourceVersion=")[1].Split('&')[0],
    ];

    private Task RunUntilAsync(string content)
    {
        _running = _informer.RunAsync(_stop.Token);
        return ContentAsync(content);
    }

    private Task ContentAsync(string content) => Eventually.TrueAsync(() => Content() == content, content);

    private string Content() => string.Join(' ', _informer.Snapshot.All.Select(Describe));
}
