namespace Sluice.Kube;

/// <summary>Values of <see cref="Status.Reason"/> that callers tell apart (StatusReason, meta/v1).</summary>
public static class StatusReason
{
    public const string AlreadyExists = nameof(AlreadyExists);
    public const string BadRequest = nameof(BadRequest);
    public const string Conflict = nameof(Conflict);
    public const string Expired = nameof(Expired);
    public const string Forbidden = nameof(Forbidden);
    public const string Gone = nameof(Gone);
    public const string InternalError = nameof(InternalError);
    public const string Invalid = nameof(Invalid);
    public const string NotFound = nameof(NotFound);
    public const string ServerTimeout = nameof(ServerTimeout);
    public const string ServiceUnavailable = nameof(ServiceUnavailable);
    public const string Timeout = nameof(Timeout);
    public const string TooManyRequests = nameof(TooManyRequests);
    public const string Unauthorized = nameof(Unauthorized);

    /// <summary>Cause of a <see cref="Timeout"/>: the server has not yet seen the resource version we asked for.</summary>
    public const string ResourceVersionTooLarge = nameof(ResourceVersionTooLarge);
}
