using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Kube;

namespace Sluice.Ko.Reading;

/// <summary>All objects of a kind, as one list had them.</summary>
public sealed class Catalog<T>
    where T : KubeObject
{
    private readonly FrozenDictionary<ObjectKey, T> _byKey;

    public Catalog(IEnumerable<T> items)
    {
        All = [.. items];
        _byKey = All.ToFrozenDictionary(item => new ObjectKey(item.Metadata.Namespace, item.Metadata.Name));
    }

    public ImmutableArray<T> All { get; }

    /// <summary>A cluster-scoped object, or null.</summary>
    public T? Find(string? name) => string.IsNullOrEmpty(name) ? null : Find(new ObjectKey(name));

    public T? Find(ObjectKey key) => _byKey.GetValueOrDefault(key);
}
