using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Kube;

/// <summary>
/// Follows the objects of a kind: lists them once, then watches, resumes the watch where it broke off, and lists again when
/// that is not possible. A list is compared with what is known, so that no deletion goes unnoticed. An object that becomes unreadable
/// is kept as it was; if there is one when the first list is made, it is waited for.
/// </summary>
public sealed partial class Informer<T>
    where T : KubeObject
{
    private static readonly TimeSpan SuspiciouslyShort = TimeSpan.FromSeconds(1);

    private readonly KubeClient _client;
    private readonly ResourceType<T> _type;
    private readonly InformerOptions<T> _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ObjectStore<T> _store;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The version up to which the snapshot is complete; null before the first list.</summary>
    private string? _version;

    /// <summary>When the server last told us something, as a timestamp.</summary>
    private long _heardAt = long.MinValue;

    /// <summary>Attempts since the server last told us something.</summary>
    private int _failures;

    public Informer(
        KubeClient client,
        ResourceType<T> type,
        InformerOptions<T>? options = null,
        ILogger<Informer<T>>? logger = null,
        TimeProvider? time = null)
    {
        _client = client;
        _type = type;
        _options = options ?? new InformerOptions<T>();
        _logger = logger ?? NullLogger<Informer<T>>.Instance;
        _time = time ?? TimeProvider.System;
        _store = new ObjectStore<T>(_options.Indexes, RaiseChanged, _time);
    }

    /// <summary>
    /// The old and the new state of an object, null where it did not or does not exist. Raised in order, once per change,
    /// with <see cref="Snapshot"/> already up to date. Handlers run on the path that receives the changes: they enqueue
    /// keys and return.
    /// </summary>
    public event Action<T?, T?>? Changed;

    public InformerSnapshot<T> Snapshot => _store.Snapshot;

    /// <summary>True once the first list is in the snapshot, for good.</summary>
    public bool HasSynced => _synced.Task.IsCompleted;

    /// <summary>For how long the server has said nothing, bookmarks included; null before the first list.</summary>
    public TimeSpan? Silence => Volatile.Read(ref _heardAt) is var heard and not long.MinValue ? _time.GetElapsedTime(heard) : null;

    public Task WaitSyncedAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Feeds back the response to a write of ours, so that we read our own writes. The newer version wins, whichever way it
    /// comes. Only for objects that the selectors select.
    /// </summary>
    public void Observe(T response) => _store.Observe(Transformed(response));

    /// <summary>Follows until cancelled. Failures are logged and tried again, never thrown.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var mustList = true;
        var listFrom = "0";
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (mustList)
                {
                    await ListAsync(listFrom, cancellationToken);
                    mustList = false;
                }

                var started = _time.GetTimestamp();
                var hasProgressed = await WatchAsync(cancellationToken);
                if (hasProgressed || _time.GetElapsedTime(started) >= SuspiciouslyShort)
                {
                    _failures = 0;
                    continue;
                }

                LogShortWatch(_type.ToString());
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (KubeException e) when (e.IsExpired || e.IsAheadOfServer)
            {
                // Only etcd itself knows better now: the server's cache starts or ends elsewhere.
                LogRelist(_type.ToString(), e.Message);
                mustList = true;
                listFrom = "";
            }
            catch (KubeException e)
            {
                // The watch resumes where it broke off; a failed list starts again, not older than what we have.
                LogUnavailable(_type.ToString(), e.Message);
            }
            catch (JsonException e)
            {
                // Something was lost on the way; only a list can tell what.
                LogUnreadable(_type.ToString(), e);
                mustList = true;
                listFrom = _version ?? "0";
            }

            await DelayAsync(_options.Backoff.Delay(_failures++), cancellationToken);
        }
    }

    private async Task ListAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        var options = new ListOptions
        {
            Namespace = _options.Namespace,
            LabelSelector = _options.LabelSelector,
            FieldSelector = _options.FieldSelector,
            ResourceVersion = resourceVersion.Length == 0 ? null : resourceVersion,
            PageSize = _options.PageSize,
            KeepUnreadable = true,
        };
        var list = await _client.ListAsync(_type, options, cancellationToken);
        foreach (var unreadable in list.Unreadable)
            LogUnreadableObject(_type.ToString(), unreadable.Key, unreadable.Cause);

        // What an object that was never seen stands for is not known, nor what would be wrong without it.
        if (!HasSynced && !_options.StartsWithoutUnreadable && list.Unreadable is [var first, ..])
            throw new JsonException(first.Cause);

        // etcd was restored from a backup if even the newest state is older than what we have seen.
        var isRestart = ResourceVersion.Compare(list.ResourceVersion, _version) < 0;
        IReadOnlyList<T> items = _options.Transform is null ? list.Items : [.. list.Items.Select(_options.Transform)];
        _store.Replace(items, list.ResourceVersion, isRestart, [.. list.Unreadable.Select(unreadable => unreadable.Key)]);
        _version = list.ResourceVersion;
        Volatile.Write(ref _heardAt, _time.GetTimestamp());
        _synced.TrySetResult();
        LogListed(_type.ToString(), list.Items.Count, list.ResourceVersion);
    }

    /// <summary>Returns when the server ends the watch, and whether it said anything before.</summary>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        var hasProgressed = false;
        var options = new WatchOptions
        {
            Namespace = _options.Namespace,
            LabelSelector = _options.LabelSelector,
            FieldSelector = _options.FieldSelector,
            ResourceVersion = _version,
            // Different watches should not end, and be asked for again, all at once.
            Timeout = _options.WatchTimeout * (1 + Random.Shared.NextDouble()),
            KeepUnreadable = true,
        };
        await foreach (var change in _client.WatchAsync(_type, options, cancellationToken))
        {
            if (ResourceVersion.Compare(change.ResourceVersion, _version) < 0)
                throw ServerWentBack(change.ResourceVersion);
            if (change.Unreadable is { } unreadable)
                Miss(change.Type, unreadable);
            else if (change.Type == WatchEventType.Deleted)
                _store.Remove(Transformed(change.Object!));
            else if (change.Object is not null)
                _store.Apply(Transformed(change.Object));
            _version = change.ResourceVersion;
            _failures = 0;
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
            hasProgressed = true;
        }

        return hasProgressed;
    }

    /// <summary>An object that cannot be read stays what it was; that it is gone needs no reading.</summary>
    private void Miss(WatchEventType change, UnreadableObject unreadable)
    {
        if (change == WatchEventType.Deleted)
            _store.Remove(unreadable.Key, unreadable.ResourceVersion);
        else
            LogUnreadableObject(_type.ToString(), unreadable.Key, unreadable.Cause);
    }

    /// <summary>etcd was restored from a backup under us.</summary>
    private KubeException ServerWentBack(string version) =>
        new($"watch {_type}", new Status { Code = 410, Reason = StatusReason.Expired, Message = $"version {version} follows {_version}" });

    private T Transformed(T item) => _options.Transform is null ? item : _options.Transform(item);

    private void RaiseChanged(T? old, T? item)
    {
        try
        {
            Changed?.Invoke(old, item);
        }
        catch (Exception e)
        {
            // A handler that fails must not keep the others from the changes that follow.
            LogHandlerFailed(_type.ToString(), (item ?? old)!.Key, e);
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // RunAsync ends by looking at the token.
        }
    }

    [LoggerMessage(10, LogLevel.Information, "Listed {Count} {Type} at version {Version}")]
    private partial void LogListed(string type, int count, string version);

    [LoggerMessage(11, LogLevel.Information, "Listing {Type} again: {Cause}")]
    private partial void LogRelist(string type, string cause);

    [LoggerMessage(12, LogLevel.Warning, "Cannot follow {Type}: {Cause}")]
    private partial void LogUnavailable(string type, string cause);

    [LoggerMessage(13, LogLevel.Error, "Cannot read {Type} as the server sends it")]
    private partial void LogUnreadable(string type, Exception cause);

    [LoggerMessage(16, LogLevel.Error, "Ignoring what {Type} {Key} has become, because it cannot be read: {Cause}")]
    private partial void LogUnreadableObject(string type, ObjectKey key, string cause);

    [LoggerMessage(14, LogLevel.Information, "The server ended the watch of {Type} at once")]
    private partial void LogShortWatch(string type);

    [LoggerMessage(15, LogLevel.Error, "A handler failed for {Type} {Key}")]
    private partial void LogHandlerFailed(string type, ObjectKey key, Exception cause);
}
