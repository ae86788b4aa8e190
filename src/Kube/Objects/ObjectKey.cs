namespace Sluice.Kube;

/// <summary>Names an object among those of its kind; <see cref="Namespace"/> is null for a cluster-scoped one.</summary>
public readonly record struct ObjectKey(string? Namespace, string Name) : IComparable<ObjectKey>
{
    /// <summary>Key of a cluster-scoped object.</summary>
    public ObjectKey(string name)
        : this(null, name)
    {
    }

    /// <summary>Reads <c>namespace/name</c> or <c>name</c>, the form that <see cref="ToString"/> writes.</summary>
    public static ObjectKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new ObjectKey(text) : new ObjectKey(text[..slash], text[(slash + 1)..]);
    }

    /// <summary>Ordinal, by namespace and then by name.</summary>
    public int CompareTo(ObjectKey other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
