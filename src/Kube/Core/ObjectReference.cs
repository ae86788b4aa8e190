namespace Sluice.Kube.Core;

/// <summary>ObjectReference (v1).</summary>
public sealed record ObjectReference
{
    internal static ObjectReference Empty { get; } = new();

    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public static ObjectReference To<T>(ResourceType<T> type, T target)
        where T : KubeObject => new()
        {
            ApiVersion = type.ApiVersion,
            Kind = type.Kind,
            Namespace = target.Metadata.Namespace,
            Name = target.Metadata.Name,
            Uid = target.Metadata.Uid,
            ResourceVersion = target.Metadata.ResourceVersion,
        };
}
