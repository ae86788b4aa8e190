using System.Collections.Immutable;

namespace Sluice.Kube;

/// <summary>What an informer follows and how it keeps it.</summary>
public sealed record InformerOptions<T>
    where T : KubeObject
{
    /// <summary>Null follows all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    public ImmutableArray<Index<T>> Indexes { get; init; } = [];

    /// <summary>Takes from an object what nobody reads, to save memory. Must keep name, namespace, uid and resourceVersion.</summary>
    public Func<T, T>? Transform { get; init; }

    /// <summary>
    /// Whether an object that cannot be read is missing from the first list, too, rather than keeping it from being complete: for kinds
    /// whose objects anybody may write, and of which one that is missing takes nothing from others.
    /// </summary>
    public bool StartsWithoutUnreadable { get; init; }

    /// <summary>Objects per page of a list that etcd answers.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Each watch is asked for between once and twice this time.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between attempts to reach a server that does not answer.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), Jitter: 0.5);
}
