using System.Reflection;
using Sluice.Api;

namespace Sluice.Compatibility.Tests;

/// <summary>The page tells of every label and annotation that the code has a name for.</summary>
public sealed class NameTests
{
    [Fact]
    public void Labels() => ShouldTellOf("Labels", Keys(typeof(Names.Labels), nameof(Names.Labels.EncodeV6), nameof(Names.Labels.DecodeV6)));

    [Fact]
    public void Annotations() => ShouldTellOf("Annotations", Keys(typeof(Names.Annotations)));

    [Fact]
    public void Annotations_of_pods() => ShouldTellOf(
        "Annotations of pods",
        typeof(PodAnnotations).GetProperties().Where(property => property.PropertyType == typeof(string))
            .Select(property => ((string)property.GetValue(PodAnnotations.Default)!).Replace("ovn.kubernetes.io/", "", StringComparison.Ordinal)));

    private static void ShouldTellOf(string heading, IEnumerable<string> keys) =>
        CompatibilityPage.Table(heading).Select(row => row[0]).Order(StringComparer.Ordinal).ShouldBe(keys.Order(StringComparer.Ordinal));

    /// <summary>The constants of a class, and what its methods make of the name of a provider network.</summary>
    private static IEnumerable<string> Keys(Type type, params string[] except) =>
    [
        .. type.GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        .. type.GetMethods(BindingFlags.Static | BindingFlags.Public).Where(method => !except.Contains(method.Name))
            .Select(method => (string)method.Invoke(null, ["PN"])!),
    ];
}
