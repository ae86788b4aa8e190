namespace Sluice.Kube;

/// <summary>A request as a value, so that every URL and body can be tested without a server.</summary>
internal readonly record struct KubeRequest(HttpMethod Method, string PathAndQuery)
{
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>How log lines and errors call the request.</summary>
    public override string ToString() => $"{Method} {PathAndQuery}";
}
