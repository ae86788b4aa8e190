using System.Globalization;

namespace Sluice.Kube;

/// <summary>Which objects to list, and how fresh the answer must be.</summary>
public sealed record ListOptions
{
    /// <summary>Null lists all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>
    /// Null: the newest state, read from etcd. <c>"0"</c>: whatever the server has in its cache, which is much cheaper.
    /// Anything else: not older than that version.
    /// </summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Objects per page; zero asks for everything at once. The server's cache ignores it for version <c>"0"</c>.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Whether an object that cannot be read is told of as such and does not spoil the rest.</summary>
    public bool KeepUnreadable { get; init; }

    internal string ToPathAndQuery(string path, string? continueToken) =>
        // A continue token carries the version of its first page and is refused together with another one.
        new Query(path)
            .With("labelSelector", LabelSelector)
            .With("fieldSelector", FieldSelector)
            .With("limit", PageSize > 0 ? PageSize.ToString(CultureInfo.InvariantCulture) : null)
            .With("resourceVersion", continueToken is null ? ResourceVersion : null)
            .With("continue", continueToken)
            .ToString();
}
