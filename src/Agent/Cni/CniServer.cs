using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Agent.Attachments;
using Sluice.Agent.Health;
using Sluice.Agent.Netlink;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Cni;

/// <summary>Serves the CNI plugin: HTTP over a unix socket that only root can connect to.</summary>
internal sealed partial class CniServer : IAsyncDisposable
{
    private const uint OwnerReadWrite = 0b110_000_000;

    private readonly string _socketPath;
    private readonly WebApplication _app;
    private readonly CniHandlers _handlers;
    private readonly ILogger _logger;
    private readonly AgentMetrics _metrics;
    private readonly TimeProvider _time;

    /// <param name="socketPath">A socket that an earlier process left there is replaced.</param>
    public CniServer(string socketPath, CniHandlers handlers, AgentMetrics metrics, ILoggerFactory loggers, TimeProvider time)
    {
        (_metrics, _time) = (metrics, time);
        _socketPath = socketPath;
        _handlers = handlers;
        _logger = loggers.CreateLogger<CniServer>();
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);
        File.Delete(socketPath);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socketPath, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(RootOnly);
        }));
        _app = builder.Build();
        _app.MapPost(WirePaths.Add, context => ServeAsync(context, _handlers.AddAsync));
        _app.MapPost(WirePaths.Del, context => ServeAsync(context, _handlers.DeleteAsync));
        _app.MapPost(WirePaths.Check, context => ServeAsync(context, _handlers.CheckAsync));
        _app.MapPost(WirePaths.Gc, context => ServeAsync(context, _handlers.CollectGarbageAsync));
        _app.MapGet(WirePaths.Status, context => ServeAsync(context, _handlers.StatusAsync));
    }

    public async Task StartAsync(CancellationToken ct)
    {
        await _app.StartAsync(ct);
        if (NativeMethods.ChangeMode(_socketPath, OwnerReadWrite) != 0)
            throw new IOException($"cannot change the mode of {_socketPath}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Requests that are being served come to their end first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>The mode of the socket keeps others out; should somebody loosen it, the kernel still says who is calling (unix(7), SO_PEERCRED).</summary>
    private ConnectionDelegate RootOnly(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && PeerUserId(socket) is var uid && uid == 0)
            return next(connection);
        LogStranger();
        connection.Abort();
        return Task.CompletedTask;
    };

    private static int PeerUserId(Socket socket)
    {
        const int SolSocket = 1;
        const int PeerCredentials = 17;

        // struct ucred { pid, uid, gid }
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, PeerCredentials, credentials);
        return BitConverter.ToInt32(credentials[4..]);
    }

    private async Task ServeAsync(HttpContext context, Func<HttpContext, Task> serve)
    {
        var started = _time.GetTimestamp();
        try
        {
            await serve(context);
            Count("done");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The plugin was killed; nobody is left to answer.
        }
        catch (Exception e)
        {
            var failure = CniHandlers.Explain(e);
            Count("failed");
            LogFailed(context.Request.Path, failure.Message, e is CniFailureException ? null : e);
            var body = JsonSerializer.SerializeToUtf8Bytes(new WireError(failure.Message, failure.Code), WireJson.Default.WireError);
            context.Response.StatusCode = failure.Code == CniErrorCode.Decoding ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }

        void Count(string result) => _metrics.Served(Path.GetFileName(context.Request.Path.Value!), result, _time.GetElapsedTime(started));
    }

    [LoggerMessage(40, LogLevel.Warning, "Refused a connection to the CNI socket from somebody who is not root")]
    private partial void LogStranger();

    [LoggerMessage(41, LogLevel.Warning, "{Path} failed: {Cause}")]
    private partial void LogFailed(string? path, string cause, Exception? exception);
}
