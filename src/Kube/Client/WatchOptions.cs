using System.Globalization;

namespace Sluice.Kube;

/// <summary>Which changes to watch, and from where.</summary>
public sealed record WatchOptions
{
    /// <summary>Null watches all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Changes after this version are delivered; null starts with an <c>Added</c> for everything that exists.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>
    /// The server ends the watch after this time. When it has not done so shortly afterwards, the connection is taken for dead.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether an object that cannot be read is told of as such and does not spoil the rest.</summary>
    public bool KeepUnreadable { get; init; }

    internal string ToPathAndQuery(string path) =>
        new Query(path)
            .With("watch", "true")
            .With("allowWatchBookmarks", "true")
            .With("labelSelector", LabelSelector)
            .With("fieldSelector", FieldSelector)
            .With("resourceVersion", ResourceVersion)
            .With("timeoutSeconds", ((long)Math.Ceiling(Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture))
            .ToString();
}
