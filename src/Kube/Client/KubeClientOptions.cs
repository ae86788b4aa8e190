namespace Sluice.Kube;

/// <summary>How a client behaves towards its server.</summary>
public sealed record KubeClientOptions
{
    /// <summary>First word of the server's audit log lines, and its default field manager.</summary>
    public string UserAgent { get; init; } = "sluice";

    /// <summary>Owner of the fields that we write; null lets the server derive it from the user agent.</summary>
    public string? FieldManager { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of one request, body included; a watch only has to be accepted in this time.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that does not answer an HTTP/2 ping within this time, sent when it is silent for as long, is dead.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a request is sent again because the server said when to (429, or 503 with Retry-After).</summary>
    public int MaxRetries { get; init; } = 8;

    /// <summary>Asks for gzip. Worth it over slow links only: it costs the server more time than the network saves.</summary>
    public bool Compression { get; init; }

    /// <summary>
    /// Puts a handler in front of the one that talks to the server: it sees each request, attempts that are repeated included, before it
    /// leaves and its answer before anybody else does. Tests let requests fail there; null in production.
    /// </summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Intercept { get; init; }
}
