using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sluice.Agent.Attachments;
using Sluice.Agent.Netlink;
using Sluice.Cni.Wire;
using Sluice.Ovsdb;

namespace Sluice.Agent.Cni;

/// <summary>The requests of the CNI plugin, from body to body.</summary>
/// <param name="notReady">Why pods can not be plugged in now; null when they can.</param>
internal sealed class CniHandlers(AttachmentService attachments, AttachmentChecker checker, Func<string?> notReady)
{
    public async Task AddAsync(HttpContext context)
    {
        var request = await ReadAttachmentAsync(context);
        var result = await attachments.AddAsync(request, context.RequestAborted);
        var body = JsonSerializer.SerializeToUtf8Bytes(result, WireJson.Default.AttachmentResult);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var request = await ReadAttachmentAsync(context);
        await attachments.DeleteAsync(new AttachmentId(request.ContainerId, request.IfName), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task CheckAsync(HttpContext context)
    {
        await checker.CheckAsync(await ReadAttachmentAsync(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task CollectGarbageAsync(HttpContext context)
    {
        await attachments.CollectGarbageAsync(await ReadAsync(context, WireJson.Default.GcRequest), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public Task StatusAsync(HttpContext context)
    {
        if (notReady() is { } why)
            throw new CniFailureException(CniErrorCode.NotAvailable, why);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>What the plugin is told about an exception.</summary>
    public static CniFailureException Explain(Exception exception) => exception switch
    {
        CniFailureException failure => failure,
        JsonException => new CniFailureException(CniErrorCode.Decoding, $"malformed request: {exception.Message}", exception),
        NamespaceGoneException => new CniFailureException(CniErrorCode.UnknownContainer, exception.Message, exception),
        NetlinkException or OvsdbException => CniFailureException.TryAgainLater(exception.Message, exception),
        _ => CniFailureException.TryAgainLater($"internal error: {exception.Message}", exception),
    };

    private static async Task<AttachmentRequest> ReadAttachmentAsync(HttpContext context)
    {
        var request = await ReadAsync(context, WireJson.Default.AttachmentRequest);
        if (request.ContainerId.Length == 0 || request.IfName.Length == 0)
            throw new JsonException("container_id and if_name are required");
        return request.Provider.Length > 0 ? request : request with { Provider = Api.Names.DefaultProvider };
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) =>
        await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) ?? throw new JsonException("the body is null");
}
