using Sluice.Kube;

namespace Sluice.Controller;

/// <summary>The objects of one kind: how they are read and written, and the cache that follows them.</summary>
public sealed class Resource<T>(ResourceType<T> type, Informer<T> informer)
    where T : KubeObject
{
    public ResourceType<T> Type { get; } = type;

    public Informer<T> Informer { get; } = informer;

    /// <summary>All objects, as they were at one moment.</summary>
    public InformerSnapshot<T> Snapshot => Informer.Snapshot;

    /// <summary>A cluster-scoped object, or null.</summary>
    public T? Find(string? name) => string.IsNullOrEmpty(name) ? null : Snapshot.Find(name);

    public T? Find(string ns, string name) => Snapshot.Find(new ObjectKey(ns, name));
}
