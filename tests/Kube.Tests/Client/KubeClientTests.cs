using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Client;

/// <summary>What a real server does not do when asked.</summary>
public sealed class KubeClientTests : IAsyncLifetime
{
    private const string Pod = """{"metadata": {"name": "p", "namespace": "ns", "resourceVersion": "5"}}""";

    private ScriptedServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again_when_it_said_so(int code)
    {
        _server.Answer(code, "", ("Retry-After", "0")).Answer(code, "", ("Retry-After", "0")).Answer(201, Pod);
        using var client = _server.Client();

        var created = await client.CreateAsync(CoreResources.Pods, new Pod { Metadata = new ObjectMeta { Name = "p", Namespace = "ns" } });

        created.Metadata.ResourceVersion.ShouldBe("5");
        _server.Requests.Count.ShouldBe(3);
        _server.Requests.Distinct().ShouldHaveSingleItem().ShouldStartWith("""POST /api/v1/namespaces/ns/pods {"apiVersion":"v1","kind":"Pod",""");
    }

    [Fact]
    public async Task A_busy_server_is_left_alone_for_as_long_as_it_asked()
    {
        var time = new ManualTimeProvider();
        _server.Answer(429, "", ("Retry-After", "7")).Answer(Pod);
        using var client = _server.Client(time: time);

        var getting = client.GetAsync(CoreResources.Pods, "ns", "p");
        await Eventually.TrueAsync(() => time.HasTimerAt(TimeSpan.FromSeconds(7)));
        time.Advance(TimeSpan.FromSeconds(6.9));
        _server.Requests.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(0.1));

        (await getting).Metadata.Name.ShouldBe("p");
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_an_error_in_the_end()
    {
        for (var i = 0; i < 3; i++)
            _server.Answer(429, """{"reason": "TooManyRequests", "message": "slow down", "code": 429}""", ("Retry-After", "0"));
        using var client = _server.Client(new KubeClientOptions { MaxRetries = 2 });

        var error = await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"));

        (error.Status.Code, error.IsTransient, error.RetryAfter).ShouldBe((429, true, TimeSpan.Zero));
        _server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_server_that_does_not_say_when_is_the_callers_business()
    {
        _server.Answer(429, "");
        using var client = _server.Client();

        (await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"))).IsTransient.ShouldBeTrue();
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var time = new ManualTimeProvider();
        using var client = _server.Client(time: time);

        var getting = client.GetAsync(CoreResources.Pods, "ns", "p");
        await Eventually.TrueAsync(() => _server.Requests.Count == 1);
        time.Advance(TimeSpan.FromSeconds(60));

        var error = await Should.ThrowAsync<KubeException>(getting);
        (error.Message, error.IsTransient).ShouldBe(("GET /api/v1/namespaces/ns/pods/p: no answer within 60 s", true));
    }

    [Fact]
    public async Task Cancelling_is_not_an_error_of_the_server()
    {
        using var cancellation = new CancellationTokenSource();
        using var client = _server.Client();
        var getting = client.GetAsync(CoreResources.Pods, "ns", "p", cancellation.Token);
        await Eventually.TrueAsync(() => _server.Requests.Count == 1);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(getting);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_transient_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = new KubeClient(new KubeConfig { Server = new Uri($"https://127.0.0.1:{port}") });

        var error = await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"));

        (error.IsTransient, error.Status.Code).ShouldBe((true, 0));
        error.Message.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task A_server_that_accepts_no_connection_is_a_transient_error()
    {
        // TCP connects, TLS never does.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var config = new KubeConfig { Server = new UriBuilder("https", "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port).Uri };
        using var client = new KubeClient(config, new KubeClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) });

        var error = await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"));

        (error.IsTransient, error.Status.Code).ShouldBe((true, 0));
        error.Message.ShouldContain("ConnectTimeout");
    }

    [Fact]
    public async Task A_cut_connection_is_a_transient_error()
    {
        _server.Then(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var client = _server.Client();

        (await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"))).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_proxy_that_speaks_plain_text_is_quoted()
    {
        _server.Answer(502, "upstream is down");
        using var client = _server.Client();

        var error = await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"));

        (error.Message, error.IsTransient).ShouldBe(("GET /api/v1/namespaces/ns/pods/p: BadGateway (502): upstream is down", true));
    }

    [Fact]
    public async Task A_refused_token_is_read_again_once()
    {
        using var folder = new TempFolder();
        var tokens = new List<string?>();
        Task Refuse(HttpContext context)
        {
            tokens.Add(context.Request.Headers.Authorization);
            folder.Write("token", "two");
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"reason": "Unauthorized", "message": "Unauthorized"}""");
        }

        _server.Then(Refuse).Then(Refuse);
        using var client = new KubeClient(_server.Config with { TokenFile = folder.Write("token", "one") });

        var error = await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"));

        error.Reason.ShouldBe(StatusReason.Unauthorized);
        tokens.ShouldBe(["Bearer one", "Bearer two"]);
    }

    [Fact]
    public async Task Missing_credentials_are_an_error_of_the_request()
    {
        using var client = new KubeClient(_server.Config with { TokenFile = "/nonexistent/token" });

        var error = await Should.ThrowAsync<KubeException>(client.GetAsync(CoreResources.Pods, "ns", "p"));

        (error.IsTransient, error.InnerException).ShouldSatisfyAllConditions(
            it => it.IsTransient.ShouldBeTrue(),
            it => it.InnerException.ShouldBeOfType<KubeConfigException>());
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_are_joined_at_the_version_that_they_share()
    {
        _server
            .Answer("""{"metadata": {"resourceVersion": "9", "continue": "c1"}, "items": [{"metadata": {"name": "a"}}]}""")
            .Answer("""{"metadata": {"resourceVersion": "9", "continue": "c2"}, "items": [{"metadata": {"name": "b"}}]}""")
            .Answer("""{"metadata": {"resourceVersion": "9"}, "items": [{"metadata": {"name": "c"}}]}""");
        using var client = _server.Client();

        var list = await client.ListAsync(CoreResources.Nodes, new ListOptions { PageSize = 1, LabelSelector = "x=y" });

        list.Items.Select(node => node.Metadata.Name).ShouldBe(["a", "b", "c"]);
        list.ResourceVersion.ShouldBe("9");
        _server.Requests.ShouldBe(
        [
            "GET /api/v1/nodes?labelSelector=x%3Dy&limit=1",
            "GET /api/v1/nodes?labelSelector=x%3Dy&limit=1&continue=c1",
            "GET /api/v1/nodes?labelSelector=x%3Dy&limit=1&continue=c2",
        ]);
    }

    [Fact]
    public async Task Pages_that_expire_on_the_way_are_read_again_in_one_piece()
    {
        _server
            .Answer("""{"metadata": {"resourceVersion": "9", "continue": "c1"}, "items": [{"metadata": {"name": "a"}}]}""")
            .Answer(410, """{"reason": "Expired", "code": 410}""")
            .Answer("""{"metadata": {"resourceVersion": "12"}, "items": [{"metadata": {"name": "b"}}]}""");
        using var client = _server.Client();

        var list = await client.ListAsync(CoreResources.Nodes, new ListOptions { PageSize = 1 });

        list.Items.Select(node => node.Metadata.Name).ShouldBe(["b"]);
        list.ResourceVersion.ShouldBe("12");
        _server.Requests[^1].ShouldBe("GET /api/v1/nodes");
    }

    [Fact]
    public async Task A_watch_delivers_each_event_as_it_comes_and_then_says_that_it_was_cut()
    {
        _server.StreamUntilCut(["""{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}"""], """{"type":"DEL""");
        using var client = _server.Client();
        await using var events = client.WatchAsync(CoreResources.Nodes, new WatchOptions { ResourceVersion = "0" }).GetAsyncEnumerator();

        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Object!.Metadata.Name.ShouldBe("a");
        _server.Cut();
        (await Should.ThrowAsync<KubeException>(async () => await events.MoveNextAsync())).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_watch_that_the_server_forgot_to_end_is_taken_for_dead()
    {
        var time = new ManualTimeProvider();
        _server.Stream("""{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}""");
        using var client = _server.Client(time: time);
        await using var events = client.WatchAsync(CoreResources.Nodes, new WatchOptions { Timeout = TimeSpan.FromMinutes(5) }).GetAsyncEnumerator();
        (await events.MoveNextAsync()).ShouldBeTrue();

        var next = events.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMinutes(5));
        next.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(15));

        (await Should.ThrowAsync<KubeException>(next)).Message.ShouldEndWith("the watch has gone silent");
    }

    [Fact]
    public async Task Field_manager_and_force_go_into_the_query()
    {
        _server.Answer(Pod).Answer(Pod);
        using var client = _server.Client(new KubeClientOptions { FieldManager = "me" });

        await client.PatchAsync(CoreResources.Pods, "ns", "p", Patch.Merge(new JsonObject { ["a"] = 1 }), "status");
        await client.PatchAsync(CoreResources.Pods, "ns", "p", Patch.Apply([], "other", force: true));

        _server.Requests.ShouldBe(
        [
            """PATCH /api/v1/namespaces/ns/pods/p/status?fieldManager=me {"a":1}""",
            "PATCH /api/v1/namespaces/ns/pods/p?fieldManager=other&force=true {}",
        ]);
    }

    [Fact]
    public async Task A_server_may_live_below_a_path()
    {
        _server.Answer(Pod);
        using var client = new KubeClient(_server.Config with { Server = new Uri(_server.Config.Server, "/clusters/c1/") });

        await client.GetAsync(CoreResources.Pods, "ns", "p");

        _server.Requests.ShouldBe(["GET /clusters/c1/api/v1/namespaces/ns/pods/p"]);
    }
}
