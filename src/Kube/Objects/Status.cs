namespace Sluice.Kube;

/// <summary>Status of the Kubernetes API (meta/v1): how the server explains a refusal.</summary>
public sealed record Status
{
    /// <summary>HTTP status code.</summary>
    public int Code { get; init; }

    /// <summary>Machine-readable cause, for example <c>NotFound</c>; see <see cref="StatusReason"/>.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public StatusDetails? Details { get; init; }
}

/// <summary>StatusDetails of the Kubernetes API (meta/v1).</summary>
public sealed record StatusDetails
{
    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Which fields were refused, or which field manager owns a field that apply wanted.</summary>
    public IReadOnlyList<StatusCause>? Causes { get; init; }
}

/// <summary>StatusCause of the Kubernetes API (meta/v1).</summary>
public sealed record StatusCause
{
    public string? Reason { get; init; }

    public string? Field { get; init; }

    public string? Message { get; init; }
}
