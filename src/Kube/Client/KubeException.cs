using System.Net;
using System.Text.Json;

namespace Sluice.Kube;

/// <summary>
/// A request that did not succeed: refused by the server (<see cref="Status"/> is the server's own), or never answered
/// (<see cref="KubeException.Status"/> has code 0).
/// </summary>
public sealed class KubeException : Exception
{
    public KubeException(string request, Status status, TimeSpan? retryAfter = null, Exception? inner = null)
        : base($"{request}: {Describe(status)}", inner)
    {
        Status = status;
        RetryAfter = retryAfter ?? (status.Details?.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    public Status Status { get; }

    /// <summary>The server's reason, see <see cref="StatusReason"/>; empty when there was no answer.</summary>
    public string Reason => Status.Reason ?? "";

    /// <summary>When the server wants to be asked again, if it said so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The object has changed since it was read, or another field manager owns a field that apply wanted.</summary>
    public bool IsConflict => Reason == StatusReason.Conflict;

    public bool IsNotFound => Status.Code == (int)HttpStatusCode.NotFound;

    public bool IsAlreadyExists => Reason == StatusReason.AlreadyExists;

    /// <summary>The credentials are good but RBAC does not allow this.</summary>
    public bool IsForbidden => Status.Code == (int)HttpStatusCode.Forbidden;

    /// <summary>The object was refused by its schema or by admission: sending it again will not help.</summary>
    public bool IsInvalid => Reason == StatusReason.Invalid;

    /// <summary>The resource version or continue token is too old: list again.</summary>
    public bool IsExpired => Status.Code == (int)HttpStatusCode.Gone;

    /// <summary>The server has not caught up with the resource version that we asked for.</summary>
    public bool IsAheadOfServer =>
        Reason == StatusReason.Timeout
        && (Status.Details?.Causes?.Any(cause => cause.Reason == StatusReason.ResourceVersionTooLarge) ?? false);

    /// <summary>The same request may succeed later without anything being changed.</summary>
    public bool IsTransient => Status.Code is 0 or 408 or 429 or >= 500;

    /// <summary>No answer: refused connection, broken stream, time-out.</summary>
    internal static KubeException Unanswered(KubeRequest request, string message, Exception? inner = null) =>
        new(request.ToString(), new Status { Message = message }, inner: inner);

    internal static KubeException Unanswered(KubeRequest request, Exception cause)
    {
        // The outer messages only say that an inner one exists.
        var innermost = cause;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        return Unanswered(request, innermost.Message, cause);
    }

    /// <summary>Reads the server's explanation; proxies in between may answer in plain text.</summary>
    internal static async Task<KubeException> ReadAsync(KubeRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Status? status = null;
        try
        {
            status = JsonSerializer.Deserialize(body, KubeJsonContext.Default.Status);
        }
        catch (JsonException)
        {
            // Not a Status: the text itself is the best message there is.
        }

        status ??= new Status { Message = System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 512))) };
        status = status with
        {
            Code = (int)response.StatusCode,
            Reason = string.IsNullOrEmpty(status.Reason) ? response.StatusCode.ToString() : status.Reason,
        };
        return new KubeException(request.ToString(), status, RetryAfterOf(response));
    }

    internal static TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private static string Describe(Status status) => status.Code == 0
        ? status.Message ?? "no answer"
        : $"{status.Reason} ({status.Code}): {status.Message}";
}
