using YamlDotNet.RepresentationModel;

namespace Sluice.Compatibility.Tests;

/// <summary>The page and the CRDs tell of the same fields and columns.</summary>
public sealed class DefinitionTests
{
    private static readonly string[] States = ["supported", "differs", "not planned"];

    public static TheoryData<string> Kinds() =>
        [.. Directory.EnumerateFiles(CompatibilityPage.Repository("deploy", "crds"), "*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_a_definition_is_on_the_page_and_no_other(string file)
    {
        var definition = Load(file);
        var schema = Version(definition, "schema", "openAPIV3Schema", "properties");
        var fields = new List<string>();
        foreach (var part in (string[])["spec", "status"])
        {
            if (schema.Children.TryGetValue(part, out var node))
                Collect((YamlMappingNode)node, part, fields);
        }

        CompatibilityPage.Table(Kind(definition)).Select(row => row[0]).Order(StringComparer.Ordinal)
            .ShouldBe(fields.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_columns_are_those_of_the_page(string file)
    {
        var definition = Load(file);
        var columns = ((YamlSequenceNode)Version(definition).Children["additionalPrinterColumns"]).Cast<YamlMappingNode>()
            .ToLookup(column => column.Children.ContainsKey("priority"), column => Text(column, "name"));

        var row = CompatibilityPage.Table("Printed columns").Single(row => row[0] == Kind(definition));

        row[1].ShouldBe(string.Join(", ", columns[false]));
        row[2].ShouldBe(string.Join(", ", columns[true]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_has_a_state(string file)
    {
        foreach (var (field, state) in CompatibilityPage.States(Kind(Load(file))))
            state.ShouldBeOneOf(States, field);
    }

    private static YamlMappingNode Load(string file)
    {
        using var reader = File.OpenText(CompatibilityPage.Repository("deploy", "crds", file));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Kind(YamlMappingNode definition) => Text(At(definition, "spec", "names"), "kind");

    private static YamlMappingNode Version(YamlMappingNode definition, params string[] path) =>
        At((YamlMappingNode)((YamlSequenceNode)At(definition, "spec").Children["versions"])[0], path);

    private static YamlMappingNode At(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, (inner, name) => (YamlMappingNode)inner.Children[name]);

    private static string Text(YamlMappingNode node, string name) => ((YamlScalarNode)node.Children[name]).Value!;

    /// <summary>Fields with fields of their own are named by these; the parts of a condition are the same everywhere.</summary>
    private static void Collect(YamlMappingNode schema, string path, List<string> fields)
    {
        foreach (var (name, node) in (YamlMappingNode)schema.Children["properties"])
        {
            var (field, inner) = ($"{path}.{name}", (YamlMappingNode)node);
            if (field == "status.conditions")
            {
                fields.Add(field);
                continue;
            }
            if (inner.Children.TryGetValue("items", out var items))
                (field, inner) = ((YamlMappingNode)items).Children.ContainsKey("properties") ? ($"{field}[]", (YamlMappingNode)items) : (field, inner);
            if (inner.Children.ContainsKey("properties"))
                Collect(inner, field, fields);
            else
                fields.Add(field);
        }
    }
}
