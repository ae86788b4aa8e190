using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sluice.Kube;

namespace Sluice.Api;

/// <summary>One aspect of an object's state.</summary>
/// <remarks>
/// Two conditions are equal when they say the same; since when they say so is not compared, so that a plan, which knows no clock, can
/// tell whether a status changed.
/// </remarks>
/// <seealso href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties"/>
public sealed record Condition
{
    /// <summary>The aspect, e.g. Ready.</summary>
    [Required]
    public string Type { get => field ?? ""; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Required, AllowedValues("True", "False", "Unknown")]
    public string Status { get => field ?? ""; init; } = "";

    /// <summary>Why, as one word in CamelCase for programs.</summary>
    public string? Reason { get; init; }

    /// <summary>Why, for people; names the field and the other object at fault.</summary>
    public string? Message { get; init; }

    /// <summary>The node this condition speaks of; only in the status of a ProviderNetwork.</summary>
    public string? Node { get; init; }

    /// <summary>The metadata.generation that was observed.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When the condition was last written, to the second.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastUpdateTime { get; init; }

    /// <summary>When the status last changed its value, to the second.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public bool Equals(Condition? other) =>
        other is not null && Type == other.Type && Node == other.Node && Status == other.Status
        && Reason == other.Reason && Message == other.Message && ObservedGeneration == other.ObservedGeneration;

    public override int GetHashCode() => HashCode.Combine(Type, Node, Status, Reason, Message, ObservedGeneration);
}

/// <summary>Values of <see cref="Condition.Type"/>.</summary>
public static class ConditionTypes
{
    /// <summary>The object does what its spec asks for.</summary>
    public const string Ready = "Ready";

    /// <summary>The spec passed validation.</summary>
    public const string Validated = "Validated";

    /// <summary>The last attempt failed.</summary>
    public const string Error = "Error";

    /// <summary>The object was seen, nothing is known of it yet.</summary>
    public const string Init = "Init";

    /// <summary>The rows are committed to the northbound database.</summary>
    public const string Programmed = "Programmed";

    /// <summary>The chassis that carries the traffic has caught up with the rows.</summary>
    public const string Realized = "Realized";
}

/// <summary>Values of <see cref="Condition.Status"/>.</summary>
public static class ConditionStatus
{
    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";
}
