namespace Sluice.Kube.Core;

/// <summary>Namespace (v1), trimmed. Change one by patch only: a PUT of this record would drop what it does not model.</summary>
public sealed record Namespace : KubeObject
{
    public NamespaceStatus Status { get; init => field = value ?? NamespaceStatus.Empty; } = NamespaceStatus.Empty;
}

/// <summary>NamespaceStatus (v1), trimmed.</summary>
public sealed record NamespaceStatus
{
    internal static NamespaceStatus Empty { get; } = new();

    /// <summary><c>Active</c> or <c>Terminating</c>.</summary>
    public string? Phase { get; init; }
}
