namespace Sluice.Kube.Core;

/// <summary>Secret (v1).</summary>
public sealed record Secret : KubeObject
{
    /// <summary>What the secret is for, for example <c>kubernetes.io/tls</c>; it can not be changed.</summary>
    public string? Type { get; init; }

    /// <summary>Values are base64.</summary>
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public bool? Immutable { get; init; }

    /// <summary>Kind and name only, so that no log ever shows more.</summary>
    public override string ToString() => $"Secret {Key}";
}
