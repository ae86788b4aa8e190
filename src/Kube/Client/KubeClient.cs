using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Kube;

/// <summary>
/// The Kubernetes API. All requests throw <see cref="KubeException"/> when they do not succeed. One client holds a few
/// HTTP/2 connections and is meant to be shared by the whole process.
/// </summary>
public sealed class KubeClient : IDisposable
{
    /// <summary>The server should end a watch in time; this much later its silence means that it cannot be heard any more.</summary>
    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(15);

    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Transport _transport;

    /// <exception cref="KubeConfigException">The certificate authority cannot be read.</exception>
    public KubeClient(KubeConfig config, KubeClientOptions? options = null, ILogger<KubeClient>? logger = null, TimeProvider? time = null)
    {
        Config = config;
        _options = options ?? new KubeClientOptions();
        _time = time ?? TimeProvider.System;
        _transport = new Transport(config, _options, _time, logger ?? NullLogger<KubeClient>.Instance);
    }

    public KubeConfig Config { get; }

    public void Dispose() => _transport.Dispose();

    /// <exception cref="KubeException"><see cref="KubeException.IsNotFound"/> when there is no such object.</exception>
    public Task<T> GetAsync<T>(ResourceType<T> type, string? ns, string name, CancellationToken cancellationToken = default)
        where T : KubeObject =>
        SendAsync(new KubeRequest(HttpMethod.Get, type.Path(ns, name)), type, cancellationToken);

    /// <summary>The object, or null when there is none.</summary>
    public async Task<T?> FindAsync<T>(ResourceType<T> type, string? ns, string name, CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        try
        {
            return await GetAsync(type, ns, name, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Lists everything that the options select, page by page. When the snapshot behind the pages expires on the way, the
    /// list is started again in one piece.
    /// </summary>
    public async Task<KubeList<T>> ListAsync<T>(ResourceType<T> type, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        options ??= new ListOptions();
        var page = await ListPageAsync(type, options, null, cancellationToken);
        if (page.Continue is null)
            return page;

        var items = new List<T>(page.Items);
        var unreadable = new List<UnreadableObject>(page.Unreadable);
        while (page.Continue is { } token)
        {
            try
            {
                page = await ListPageAsync(type, options, token, cancellationToken);
            }
            catch (KubeException e) when (e.IsExpired)
            {
                return await ListPageAsync(type, options with { PageSize = 0 }, null, cancellationToken);
            }

            items.AddRange(page.Items);
            unreadable.AddRange(page.Unreadable);
        }

        return new KubeList<T>(items, page.ResourceVersion) { Unreadable = unreadable };
    }

    /// <summary>One page; <paramref name="continueToken"/> is that of the page before.</summary>
    public Task<KubeList<T>> ListPageAsync<T>(
        ResourceType<T> type,
        ListOptions options,
        string? continueToken,
        CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        var request = new KubeRequest(HttpMethod.Get, options.ToPathAndQuery(type.Path(options.Namespace), continueToken));
        return _transport.SendAsync(
            request,
            async (content, limit) =>
            {
                var list = await ListReader<T>.ReadAsync(await content.ReadAsStreamAsync(limit), type, limit);
                return options.KeepUnreadable || list.Unreadable is not [var first, ..] ? list : throw new JsonException(first.Cause);
            },
            cancellationToken);
    }

    /// <summary>
    /// Changes in their order, bookmarks included, until the server ends the watch (see <see cref="WatchOptions.Timeout"/>),
    /// which is no error: watch again from the last version.
    /// </summary>
    /// <exception cref="KubeException"><see cref="KubeException.IsExpired"/> when the version is too old: list again.</exception>
    /// <exception cref="JsonException">The server sent something that is not an event.</exception>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType<T> type,
        WatchOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        options ??= new WatchOptions();
        var request = new KubeRequest(HttpMethod.Get, options.ToPathAndQuery(type.Path(options.Namespace)));
        using var limit = new CancellationTokenSource(options.Timeout + WatchGrace, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var response = await _transport.OpenAsync(request, linked.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
        await using var events = WatchReader.ReadAsync(stream, type, linked.Token).GetAsyncEnumerator(linked.Token);
        while (true)
        {
            try
            {
                if (!await events.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw KubeException.Unanswered(request, "the watch has gone silent", e);
            }
            catch (Exception e) when (Transport.IsBroken(e, cancellationToken))
            {
                throw KubeException.Unanswered(request, e);
            }

            if (events.Current.Unreadable is { } unreadable && !options.KeepUnreadable)
                throw new JsonException(unreadable.Cause);
            yield return events.Current;
        }
    }

    /// <summary>Creates an object and returns it as stored.</summary>
    /// <exception cref="KubeException"><see cref="KubeException.IsAlreadyExists"/> when the name is taken.</exception>
    public Task<T> CreateAsync<T>(ResourceType<T> type, T item, CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        if (type.Namespaced && item.Metadata.Namespace is null)
            throw new ArgumentException($"{type.Kind} {item.Metadata.Name} needs a namespace", nameof(item));
        return WriteAsync(HttpMethod.Post, type.Path(item.Metadata.Namespace), type, item, cancellationToken);
    }

    /// <summary>
    /// Replaces an object (not its status). With a <c>resourceVersion</c> in its metadata, as it was read, only if nobody has
    /// changed it since.
    /// </summary>
    /// <exception cref="KubeException"><see cref="KubeException.IsConflict"/> when it has changed.</exception>
    public Task<T> ReplaceAsync<T>(ResourceType<T> type, T item, CancellationToken cancellationToken = default)
        where T : KubeObject =>
        WriteAsync(HttpMethod.Put, type.Path(item.Metadata.Namespace, item.Metadata.Name), type, item, cancellationToken);

    /// <summary>Replaces the status of an object and leaves everything else as it is; conflicts as <see cref="ReplaceAsync"/>.</summary>
    public Task<T> ReplaceStatusAsync<T>(ResourceType<T> type, T item, CancellationToken cancellationToken = default)
        where T : KubeObject =>
        WriteAsync(HttpMethod.Put, type.Path(item.Metadata.Namespace, item.Metadata.Name, "status"), type, item, cancellationToken);

    /// <summary>Patches an object, or one subresource of it (<c>status</c>), and returns it as stored.</summary>
    public Task<T> PatchAsync<T>(
        ResourceType<T> type,
        string? ns,
        string name,
        Patch patch,
        string? subresource = null,
        CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        var query = new Query(type.Path(ns, name, subresource))
            .With("fieldManager", patch.FieldManager ?? _options.FieldManager)
            .With("force", patch.Force ? "true" : null);
        var request = new KubeRequest(HttpMethod.Patch, query.ToString()) { Body = patch.Body, ContentType = patch.ContentType };
        return SendAsync(request, type, cancellationToken);
    }

    /// <summary>
    /// Asks for an object's deletion; it is gone when its finalizers are. Returns false when there was none.
    /// </summary>
    /// <exception cref="KubeException"><see cref="KubeException.IsConflict"/> when a precondition does not hold.</exception>
    public async Task<bool> DeleteAsync<T>(
        ResourceType<T> type,
        string? ns,
        string name,
        DeleteOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : KubeObject
    {
        var request = new KubeRequest(HttpMethod.Delete, type.Path(ns, name)) { Body = options?.ToJson() };
        try
        {
            return await _transport.SendAsync(request, DrainAsync, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Any GET that answers with JSON, for example <c>/version</c>.</summary>
    public Task<JsonNode> GetRawAsync(string pathAndQuery, CancellationToken cancellationToken = default) =>
        SendAsync(new KubeRequest(HttpMethod.Get, pathAndQuery), KubeJsonContext.Default.JsonNode, cancellationToken);

    /// <summary>Asks the server how a kind is called in URLs.</summary>
    /// <param name="apiVersion"><c>group/version</c>, or <c>version</c> in the core group, as objects carry it.</param>
    /// <returns>Null when the server does not serve the kind.</returns>
    public async Task<ResourceType<UnstructuredObject>?> DiscoverAsync(string apiVersion, string kind, CancellationToken cancellationToken = default)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var request = new KubeRequest(HttpMethod.Get, (slash < 0 ? "/api/" : "/apis/") + apiVersion);
        ApiResourceList served;
        try
        {
            served = await SendAsync(request, KubeJsonContext.Default.ApiResourceList, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }

        return served.Resources?.FirstOrDefault(resource => resource.Kind == kind && !resource.Name!.Contains('/', StringComparison.Ordinal)) is { } found
            ? Core.CoreResources.Unstructured(slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..], found.Name!, kind, found.Namespaced)
            : null;
    }

    private static async Task<bool> DrainAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await content.CopyToAsync(Stream.Null, cancellationToken);
        return true;
    }

    private Task<T> WriteAsync<T>(HttpMethod method, string path, ResourceType<T> type, T item, CancellationToken cancellationToken)
        where T : KubeObject
    {
        var request = new KubeRequest(method, new Query(path).With("fieldManager", _options.FieldManager).ToString())
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(type.Typed(item), type.Json),
        };
        return SendAsync(request, type, cancellationToken);
    }

    private async Task<T> SendAsync<T>(KubeRequest request, ResourceType<T> type, CancellationToken cancellationToken)
        where T : KubeObject =>
        type.Typed(await SendAsync(request, type.Json, cancellationToken));

    private Task<T> SendAsync<T>(KubeRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            request,
            async (content, limit) => JsonBytes.Deserialize<T>(await content.ReadAsByteArrayAsync(limit), type),
            cancellationToken);
}
