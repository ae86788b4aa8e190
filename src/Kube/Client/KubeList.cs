namespace Sluice.Kube;

/// <summary>The answer to a list, or one page of it.</summary>
/// <param name="ResourceVersion">The version of the whole: a watch may start here.</param>
/// <param name="Continue">Token of the next page; null on the last one.</param>
public sealed record KubeList<T>(IReadOnlyList<T> Items, string ResourceVersion, string? Continue = null)
    where T : KubeObject
{
    /// <summary>What is in the list, too, but cannot be read; none unless <see cref="ListOptions.KeepUnreadable"/> was asked for.</summary>
    public IReadOnlyList<UnreadableObject> Unreadable { get; init; } = [];
}

/// <summary>ListMeta of the Kubernetes API (meta/v1).</summary>
internal sealed record ListMeta
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }
}
