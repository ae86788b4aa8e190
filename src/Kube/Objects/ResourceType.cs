using System.Text.Json.Serialization.Metadata;

namespace Sluice.Kube;

/// <summary>Where the objects of a kind live in the API and how they are read and written.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Plural">Resource name as in URLs, for example <c>pods</c>.</param>
/// <param name="Json">Source-generated contract of <typeparamref name="T"/>: camel case, nulls left out.</param>
public sealed record ResourceType<T>(string Group, string Version, string Plural, string Kind, bool Namespaced, JsonTypeInfo<T> Json)
    where T : KubeObject
{
    /// <summary><c>group/version</c>, or only the version in the core group.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>plural.group</c>, the name by which people and logs call the resource.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The object with <c>apiVersion</c> and <c>kind</c>, which the server leaves out of the items of a list.</summary>
    internal T Typed(T item) => ReferenceEquals(item.Kind, Kind) && ReferenceEquals(item.ApiVersion, ApiVersion)
        ? item
        : item with { ApiVersion = ApiVersion, Kind = Kind };

    /// <summary>Path of the collection, or of one object (and subresource) in it.</summary>
    internal string Path(string? ns, string? name = null, string? subresource = null)
    {
        if (Namespaced && ns is null && name is not null)
            throw new ArgumentException($"{Kind} {name} needs a namespace", nameof(ns));

        var path = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        if (Namespaced && ns is not null)
            path += "/namespaces/" + Uri.EscapeDataString(ns);
        path += "/" + Plural;
        if (name is not null)
            path += "/" + Uri.EscapeDataString(name);
        if (subresource is not null)
            path += "/" + subresource;
        return path;
    }
}
