namespace Sluice.Ovsdb;

/// <summary>Something went wrong between us and the database server, or the server refused a request.</summary>
public class OvsdbException : Exception
{
    public OvsdbException(string message, bool isTransient, Exception? inner = null)
        : base(message, inner) => IsTransient = isTransient;

    private OvsdbException(string error, string? details, Operation? operation, bool isTransient)
        : base(details is null ? error : $"{error}: {details}")
    {
        Error = error;
        Details = details;
        Operation = operation;
        IsTransient = isTransient;
    }

    /// <summary>The error string of RFC 7047 section 3.1, such as <c>constraint violation</c>; null if the server said nothing.</summary>
    public string? Error { get; }

    /// <summary>The server's explanation.</summary>
    public string? Details { get; }

    /// <summary>The operation that the server refused; null when it refused the commit as a whole.</summary>
    public Operation? Operation { get; }

    /// <summary>Whether the same request may succeed later without anybody changing it.</summary>
    public bool IsTransient { get; }

    /// <summary>
    /// Whether the transaction may have been committed although its reply was lost with the connection. What happened
    /// shows in the replica once it is in sync again.
    /// </summary>
    public bool IsOutcomeUnknown { get; init; }

    internal static OvsdbException Refused(string error, string? details, Operation? operation) => new(error, details, operation, error switch
    {
        // ovsdb-server(7) adds the first two: the leader moved, or the clustered database lost its quorum.
        "not leader" or "timed out" or "resources exhausted" or "I/O error" or "not owner" => true,
        _ => false,
    });

    internal static OvsdbException Protocol(string message, Exception? inner = null) => new($"Protocol violation: {message}", isTransient: true, inner);

    internal static OvsdbException Disconnected(Exception? inner = null) => new("Not connected to the database server", isTransient: true, inner);
}
