using System.Text.Json.Serialization;

namespace Sluice.Kube.Core;

/// <summary>Event (v1), as <c>kubectl describe</c> shows it.</summary>
public sealed record Event : KubeObject
{
    public ObjectReference InvolvedObject { get; init => field = value ?? ObjectReference.Empty; } = ObjectReference.Empty;

    /// <summary><c>Normal</c> or <c>Warning</c>; see <see cref="EventType"/>.</summary>
    public string? Type { get; init; }

    /// <summary>Why, as one CamelCase word.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public EventSource? Source { get; init; }

    /// <summary>How often it has happened between the two timestamps.</summary>
    public int? Count { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? FirstTimestamp { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTimestamp { get; init; }

    public string? ReportingComponent { get; init; }

    public string? ReportingInstance { get; init; }
}

/// <summary>EventSource (v1).</summary>
public sealed record EventSource
{
    public string? Component { get; init; }

    public string? Host { get; init; }
}

/// <summary>Values of <see cref="Event.Type"/>.</summary>
public static class EventType
{
    public const string Normal = nameof(Normal);
    public const string Warning = nameof(Warning);
}
