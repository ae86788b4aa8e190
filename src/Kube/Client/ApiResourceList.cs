namespace Sluice.Kube;

/// <summary>APIResourceList of the Kubernetes API (meta/v1): what a group and version serves.</summary>
internal sealed record ApiResourceList
{
    public IReadOnlyList<ApiResource>? Resources { get; init; }
}

internal sealed record ApiResource
{
    /// <summary>Plural name; subresources are listed as <c>pods/status</c>.</summary>
    public string? Name { get; init; }

    public string? Kind { get; init; }

    public bool Namespaced { get; init; }
}
