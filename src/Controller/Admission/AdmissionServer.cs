using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Controller.Options;
using Sluice.Kube;

namespace Sluice.Controller.Admission;

/// <summary>
/// The webhook: reviews by every replica, over TLS. One that waits to be elected follows the objects for that; the leader reviews by what it
/// knows anyway. Until the caches are complete it answers 503, so that the API server does as <c>failurePolicy</c> says; but requests of those
/// who are never refused it grants at once: were a new leader refused by its own webhook, nobody would ever answer.
/// </summary>
public sealed partial class AdmissionServer : IAsyncDisposable
{
    public const string ValidatePath = "/validate";
    public const string MutatePath = "/mutate";

    /// <summary>Bytes. A request holds an object twice, of at most 1.5 MiB each.</summary>
    private const int MaxRequest = 8 << 20;

    private readonly Func<Cluster> _watch;
    private readonly Func<Cluster, Reviewer> _review;
    private readonly AdmissionUsers _users;
    private readonly WebApplication _app;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _follow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _elected = new();
    private volatile Reviewer? _reviewer;

    public AdmissionServer(ControllerOptions options, KubeClient kube, ILoggerFactory logs, TimeProvider time)
    {
        _log = logs.CreateLogger<AdmissionServer>();
        _watch = () => new Cluster(kube, options, logs, time);
        _review = cluster => new Reviewer(cluster, kube, options);
        _users = new AdmissionUsers(options.Election.Namespace);
        Certificates = new CertificateKeeper(kube, options, logs.CreateLogger<CertificateKeeper>(), time);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequest;
            Listen(kestrel, options, port => port.UseHttps(https => https.ServerCertificateSelector = (_, _) => Certificates.Current));
        });
        _app = builder.Build();
        _app.MapPost(ValidatePath, context => AnswerAsync(context, static (reviewer, request, stop) => reviewer.ReviewAsync(request, stop)));
        _app.MapPost(MutatePath, context => AnswerAsync(context, static (reviewer, request, stop) => reviewer.PrepareAsync(request, stop)));
    }

    public CertificateKeeper Certificates { get; }

    /// <summary>Reviews until cancelled.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        await Task.WhenAll(Certificates.RunAsync(cancellation), FollowAsync(cancellation));
    }

    /// <summary>Another process leads: this one looks what there is for itself. A process that is elected at once need not do so twice.</summary>
    public void Follow() => _follow.TrySetResult();

    /// <summary>This process is elected. If it does not know everything yet, it need not list it twice: it soon does as the leader.</summary>
    public void Elect()
    {
        if (_reviewer is null) _elected.Cancel();
    }

    /// <summary>Reviews by what the leader, which this process is now, knows; until it leads no more.</summary>
    public void Lead(Reviewer leader)
    {
        _reviewer = leader;
        _elected.Cancel();
    }

    /// <summary>Reviews no more: what the leader knew is no longer followed.</summary>
    public void Resign() => _reviewer = null;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Certificates.Dispose();
        _elected.Dispose();
    }

    private static void Listen(KestrelServerOptions kestrel, ControllerOptions options, Action<ListenOptions> configure)
    {
        // "Any" also works on hosts without IPv6.
        if (options.HttpAddress.Equals(IPAddress.IPv6Any)) kestrel.ListenAnyIP(options.Webhook.Port, configure);
        else kestrel.Listen(options.HttpAddress, options.Webhook.Port, configure);
    }

    /// <summary>Knows what there is from when another process leads until this one does.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _elected.Token);
        Reviewer? ours = null;
        try
        {
            await _follow.Task.WaitAsync(until.Token);
            var cluster = _watch();
            ours = _review(cluster);
            var following = cluster.RunAsync(until.Token);
            await cluster.WaitSyncedAsync(until.Token);
            Interlocked.CompareExchange(ref _reviewer, ours, null);
            await following;
        }
        catch (OperationCanceledException) when (_elected.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // The leader's reviewer takes the place of ours.
        }
        if (ours is not null) Interlocked.CompareExchange(ref _reviewer, null, ours);
    }

    private async Task AnswerAsync(HttpContext context, Func<Reviewer, AdmissionRequest, CancellationToken, Task<AdmissionResponse>> answer)
    {
        try
        {
            var json = AdmissionJsonContext.Default.AdmissionReview;
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, json, context.RequestAborted) is not { Request: { } request })
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }
            AdmissionResponse response;
            if (_reviewer is { } reviewer)
            {
                response = await answer(reviewer, request, context.RequestAborted);
            }
            else if (_users.IsTrusted(request.UserInfo))
            {
                response = new() { Uid = request.Uid, Allowed = true };
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            if (response.Status is { } refusal) LogRefused(request.Operation, request.Resource.Resource, request.UserInfo.Username, refusal.Message);
            await context.Response.WriteAsJsonAsync(new AdmissionReview { Response = response }, json, cancellationToken: context.RequestAborted);
        }
        catch (JsonException e)
        {
            LogUnreadable(e.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (KubeException e)
        {
            LogUnconfirmed(e.Message);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    [LoggerMessage(53, LogLevel.Information, "Refused: {Operation} {Resource} by {User}: {Message}")]
    private partial void LogRefused(string operation, string resource, string user, string message);

    [LoggerMessage(54, LogLevel.Warning, "A request for review can not be read: {Message}")]
    private partial void LogUnreadable(string message);

    [LoggerMessage(55, LogLevel.Warning, "A request was not reviewed: {Message}")]
    private partial void LogUnconfirmed(string message);
}
