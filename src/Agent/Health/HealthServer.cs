using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Metrics;

namespace Sluice.Agent.Health;

/// <summary>Answers Prometheus at <c>/metrics</c>, and probes: <c>/livez</c> and <c>/healthz</c> while the process lives, <c>/readyz</c> while pods can be plugged in.</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <param name="notReady">Why pods can not be plugged in now; null when they can.</param>
    /// <param name="metrics">Null for none.</param>
    public HealthServer(IPAddress address, int port, Func<string?> notReady, AgentMetrics? metrics, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // "Any" also works on hosts without IPv6.
            if (address.Equals(IPAddress.IPv6Any))
                kestrel.ListenAnyIP(port);
            else
                kestrel.Listen(address, port);
        });
        _app = builder.Build();
        _app.MapGet("/livez", context => AnswerAsync(context, why: null));
        _app.MapGet("/healthz", context => AnswerAsync(context, why: null));
        _app.MapGet("/readyz", context => AnswerAsync(context, notReady()));
        if (metrics is not null)
            _app.MapGet("/metrics", () => Results.Text(metrics.ToString(), MetricsText.ContentType));
    }

    public Task StartAsync(CancellationToken ct) => _app.StartAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static Task AnswerAsync(HttpContext context, string? why)
    {
        context.Response.StatusCode = why is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(why ?? "ok", context.RequestAborted);
    }
}
