namespace Sluice.Kube.Core;

/// <summary>ConfigMap (v1).</summary>
public sealed record ConfigMap : KubeObject
{
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    /// <summary>Values are base64.</summary>
    public IReadOnlyDictionary<string, string>? BinaryData { get; init; }

    public bool? Immutable { get; init; }
}
