using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Sluice.Kube.Tests;

/// <summary>
/// An HTTP server that answers each request with the next line of a script: for what a real API server does not do when
/// asked. A request beyond the end of the script is never answered.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _cut = new(0);

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>Method, path and query of every request so far, and the body if there was one.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public KubeConfig Config => new() { Server = new Uri(_app.Urls.Single()) };

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        _cut.Dispose();
    }

    public KubeClient Client(KubeClientOptions? options = null, TimeProvider? time = null) => new(Config, options, time: time);

    public ScriptedServer Answer(int status, string body, params (string Name, string Value)[] headers) => Then(async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    });

    public ScriptedServer Answer(string body) => Answer(200, body);

    /// <summary>Writes lines and leaves the connection open, as a watch without news does.</summary>
    public ScriptedServer Stream(params string[] lines) => Then(async context =>
    {
        await WriteAsync(context, lines);
        await HoldAsync(context);
    });

    /// <summary>Writes lines and ends the answer, as a watch does when its time is up.</summary>
    public ScriptedServer StreamAndEnd(params string[] lines) => Then(context => WriteAsync(context, lines));

    /// <summary>Writes lines, and text that is no line yet, and cuts the connection when told to by <see cref="Cut"/>.</summary>
    public ScriptedServer StreamUntilCut(string[] lines, string rest = "") => Then(async context =>
    {
        await WriteAsync(context, lines);
        await context.Response.WriteAsync(rest);
        await context.Response.Body.FlushAsync();
        await _cut.WaitAsync(_stopping.Token);
        context.Abort();
    });

    /// <summary>A reset overtakes what was sent before, so the test says when the client has read it.</summary>
    public void Cut() => _cut.Release();

    public ScriptedServer Then(Func<HttpContext, Task> step)
    {
        _script.Enqueue(step);
        return this;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        _requests.Enqueue($"{context.Request.Method} {target}{(body.Length > 0 ? " " + body : "")}");
        await (_script.TryDequeue(out var step) ? step(context) : HoldAsync(context));
    }

    private static async Task WriteAsync(HttpContext context, string[] lines)
    {
        await context.Response.StartAsync();
        foreach (var line in lines)
        {
            await context.Response.WriteAsync(line + "\n");
            await context.Response.Body.FlushAsync();
        }
    }

    private async Task HoldAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
