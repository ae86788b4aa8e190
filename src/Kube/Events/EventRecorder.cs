using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kube.Core;

namespace Sluice.Kube;

/// <summary>
/// Tells users what happened to an object (Event, v1). Recording never waits and never fails: events are written in the
/// background, repetitions bump a count, and an object that causes too many of them is not heard for a while.
/// </summary>
public sealed partial class EventRecorder
{
    private const int MaxPending = 1000;
    private const int MaxRemembered = 4096;
    private const int MaxMessageLength = 1024;
    private const int MaxAttempts = 5;

    private static readonly Backoff Retry = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), Jitter: 0.5);

    private readonly KubeClient _client;
    private readonly string _component;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<Occurrence> _pending;
    private readonly TokenBuckets<ObjectReference> _allowance;
    private readonly RecentlyUsed<EventKey, int> _counts = new(MaxRemembered);

    /// <param name="component">Who reports, for example <c>sluice-controller</c>.</param>
    public EventRecorder(KubeClient client, string component, ILogger<EventRecorder>? logger = null, TimeProvider? time = null)
    {
        _client = client;
        _component = component;
        _logger = logger ?? NullLogger<EventRecorder>.Instance;
        _time = time ?? TimeProvider.System;
        _pending = Channel.CreateBounded<Occurrence>(new BoundedChannelOptions(MaxPending) { SingleReader = true });

        // The limits of client-go: a burst of 25 per object, then one every five minutes.
        _allowance = new TokenBuckets<ObjectReference>(25, TimeSpan.FromMinutes(5), MaxRemembered, _time);
    }

    /// <summary>Something went as it should.</summary>
    /// <param name="reason">Why, as one CamelCase word; the same words as in conditions.</param>
    public void Normal<T>(ResourceType<T> type, T regarding, string reason, string message)
        where T : KubeObject =>
        Record(ObjectReference.To(type, regarding), EventType.Normal, reason, message);

    /// <summary>Something went wrong, and the message says what the user can do about it.</summary>
    /// <inheritdoc cref="Normal"/>
    public void Warning<T>(ResourceType<T> type, T regarding, string reason, string message)
        where T : KubeObject =>
        Record(ObjectReference.To(type, regarding), EventType.Warning, reason, message);

    /// <inheritdoc cref="Normal"/>
    public void Record(ObjectReference regarding, string type, string reason, string message)
    {
        if (message.Length > MaxMessageLength)
            message = message[..MaxMessageLength];
        var key = new EventKey(_component, regarding with { ResourceVersion = null }, type, reason, message);
        if (!_pending.Writer.TryWrite(new Occurrence(key, _time.GetUtcNow())))
            LogDropped(key.Reason, key.Subject.Kind, key.Subject.Name, "too many are waiting");
    }

    /// <summary>Writes events until cancelled; those still waiting are then lost.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var occurrence in _pending.Reader.ReadAllAsync(cancellationToken))
            {
                if (_allowance.TryTake(occurrence.Key.Subject))
                    await WriteAsync(occurrence, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private async Task WriteAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var known = _counts.TryGet(occurrence.Key, out var count);
                _counts.Set(occurrence.Key, known ? await BumpAsync(occurrence, count, cancellationToken) : await CreateAsync(occurrence, cancellationToken));
                return;
            }
            catch (KubeException e) when (e.IsTransient && attempt + 1 < MaxAttempts)
            {
                await Task.Delay(Retry.Delay(attempt), _time, cancellationToken);
            }
            catch (KubeException e)
            {
                LogDropped(occurrence.Key.Reason, occurrence.Key.Subject.Kind, occurrence.Key.Subject.Name, e.Message);
                return;
            }
        }
    }

    /// <summary>Returns the count as stored.</summary>
    private async Task<int> CreateAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        var (key, at) = occurrence;
        try
        {
            await _client.CreateAsync(
                CoreResources.Events,
                new Event
                {
                    Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name },
                    InvolvedObject = key.Subject,
                    Type = key.Type,
                    Reason = key.Reason,
                    Message = key.Message,
                    Source = new EventSource { Component = _component },
                    Count = 1,
                    FirstTimestamp = at,
                    LastTimestamp = at,
                    ReportingComponent = _component,
                },
                cancellationToken);
            return 1;
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // From before a restart.
            var stored = await _client.FindAsync(CoreResources.Events, key.Namespace, key.Name, cancellationToken);
            return await BumpAsync(occurrence, stored?.Count ?? 0, cancellationToken);
        }
    }

    private async Task<int> BumpAsync(Occurrence occurrence, int count, CancellationToken cancellationToken)
    {
        var (key, at) = occurrence;
        var patch = Patch.Merge(new JsonObject { ["count"] = count + 1, ["lastTimestamp"] = TimeConverter.Format(at) });
        try
        {
            await _client.PatchAsync(CoreResources.Events, key.Namespace, key.Name, patch, cancellationToken: cancellationToken);
            return count + 1;
        }
        catch (KubeException e) when (e.IsNotFound && count > 0)
        {
            // Events expire after an hour or so: this is the first one again.
            _counts.Remove(key);
            return await CreateAsync(occurrence, cancellationToken);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "Event {Reason} about {Kind} {Name} is lost: {Cause}")]
    private partial void LogDropped(string reason, string? kind, string? name, string cause);

    private sealed record Occurrence(EventKey Key, DateTimeOffset At);
}
