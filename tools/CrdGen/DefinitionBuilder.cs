using System.Reflection;
using Sluice.Api.Schema;
using Sluice.Kube;

namespace Sluice.CrdGen;

/// <summary>A definition as the tree that its YAML shows.</summary>
public sealed record Definition(string Plural, Node Body);

/// <summary>Puts a kind's names, columns and schema into a CustomResourceDefinition.</summary>
/// <seealso href="https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/"/>
public sealed class DefinitionBuilder(SchemaBuilder schemas)
{
    public Definition Build<T>(ResourceType<T> resource)
        where T : KubeObject
    {
        var attribute = typeof(T).GetCustomAttribute<CustomResourceAttribute>()
            ?? throw new InvalidOperationException($"{typeof(T)} has no [CustomResource]");

        var names = new Node { ["kind"] = resource.Kind, ["listKind"] = resource.Kind + "List", ["plural"] = resource.Plural, ["singular"] = attribute.Singular };
        if (attribute.ShortNames.Count > 0) names["shortNames"] = attribute.ShortNames;

        var version = new Node { ["name"] = resource.Version, ["served"] = true, ["storage"] = true };
        if (attribute.StatusSubresource) version["subresources"] = new Node { ["status"] = new Node() };
        version["additionalPrinterColumns"] = typeof(T).GetCustomAttributes<PrinterColumnAttribute>().Select(Column).ToList();
        version["schema"] = new Node { ["openAPIV3Schema"] = schemas.Root(resource.Json) };

        return new(resource.Plural, new Node
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new Node { ["name"] = resource.ToString() },
            ["spec"] = new Node
            {
                ["group"] = resource.Group,
                ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
                ["names"] = names,
                ["versions"] = new List<Node> { version },
            },
        });
    }

    private static Node Column(PrinterColumnAttribute column)
    {
        var node = new Node { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Wide) node["priority"] = 1;
        return node;
    }
}
