namespace Sluice.Api.Schema;

/// <summary>How a kind is named and served beside what <see cref="SluiceResources"/> says of it; read by the CRD generator.</summary>
/// <param name="singular">The singular name, e.g. <c>ovn-eip</c>.</param>
/// <param name="shortNames">Abbreviations that kubectl accepts, e.g. <c>oeip</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CustomResourceAttribute(string singular, params string[] shortNames) : Attribute
{
    public string Singular { get; } = singular;

    public IReadOnlyList<string> ShortNames { get; } = shortNames;

    /// <summary>Whether the status is written through <c>/status</c>. Where it is not, it is written with the object.</summary>
    public bool StatusSubresource { get; init; } = true;
}
