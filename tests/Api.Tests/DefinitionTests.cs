using System.Text.Json.Nodes;
using Sluice.CrdGen;

namespace Sluice.Api.Tests;

public sealed class DefinitionTests
{
    /// <summary>What users read in the tables of the walkthrough, and what newer versions add to it behind <c>-o wide</c>.</summary>
    [Theory]
    [InlineData("ovn-eips", "V4IP V6IP MAC TYPE READY", "USAGE NAT EXTERNALSUBNET REASON")]
    [InlineData("ovn-fips", "VPC V4EIP V4IP READY IPTYPE IPNAME", "TYPE V6EIP V6IP REASON")]
    [InlineData("ovn-snat-rules", "VPC V4EIP V4IP READY", "V6EIP V6IP REASON")]
    [InlineData("ovn-dnat-rules", "EIP PROTOCOL V4EIP V4IP INTERNALPORT EXTERNALPORT IPNAME READY", "VPC V6EIP V6IP REASON")]
    [InlineData("vips", "V4IP PV4IP MAC PMAC V6IP PV6IP SUBNET READY", "NAMESPACE TYPE REASON")]
    [InlineData("ips", "V4IP V6IP MAC NODE SUBNET", "")]
    [InlineData("vpcs", "ENABLEEXTERNAL ENABLEBFD STANDBY SUBNETS EXTRAEXTERNALSUBNETS NAMESPACES", "DEFAULTSUBNET AGE REASON")]
    [InlineData("subnets",
        "PROVIDER VPC PROTOCOL CIDR PRIVATE NAT DEFAULT GATEWAYTYPE V4USED V4AVAILABLE V6USED V6AVAILABLE EXCLUDEIPS U2OINTERCONNECTIONIP", "VLAN REASON")]
    [InlineData("vlans", "ID PROVIDER", "CONFLICT REASON")]
    [InlineData("provider-networks", "DEFAULTINTERFACE READY", "REASON")]
    public void Columns_are_those_of_the_walkthrough(string plural, string narrow, string wide)
    {
        var columns = Version(plural)["additionalPrinterColumns"]!.AsArray();
        Headings(columns.Where(column => column!["priority"] is null)).ShouldBe(narrow);
        Headings(columns.Where(column => column!["priority"] is not null)).ShouldBe(wide);
    }

    [Fact]
    public void Checked_in_definitions_are_those_of_the_kinds()
    {
        var files = Directory.EnumerateFiles(Repository.Definitions).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
        files.Keys.ShouldBe(Definitions.All.Keys, ignoreOrder: true);
        foreach (var (name, yaml) in Definitions.All) files[name].ShouldBe(yaml, $"{name} is stale: run make generate");
    }

    /// <summary>A field that the hand-written objects lack is one that the specification of the API does not know.</summary>
    [Fact]
    public void Schemas_have_the_fields_of_the_api_and_no_others()
    {
        foreach (var value in Yaml.Documents(Repository.FullManifests))
        {
            var definition = Yaml.Documents(Repository.Definitions).Single(d => d["spec"]!["names"]!["kind"]!.GetValue<string>() == Kinds.Kind(value));
            var schema = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();
            var expected = Fields(value, "").Where(field => !field.StartsWith(".metadata", StringComparison.Ordinal));
            var actual = Declared(schema, "").Where(field => !field.StartsWith(".metadata", StringComparison.Ordinal));
            actual.Except(expected).Where(field => !IsEverywhere(field)).ShouldBeEmpty(Kinds.Kind(value));
            expected.Except(actual).ShouldBeEmpty(Kinds.Kind(value));
        }

        // The same everywhere, so that the hand-written objects need not repeat them in each place.
        static bool IsEverywhere(string field) => field == ".status.accepted" || field.EndsWith("conditions[].node", StringComparison.Ordinal) || field.Contains("elector", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ips", false)]
    [InlineData("vips", false)]
    [InlineData("ovn-eips", true)]
    [InlineData("subnets", true)]
    public void Status_is_a_subresource_where_it_always_was(string plural, bool subresource) =>
        (Version(plural)["subresources"]?["status"] is not null).ShouldBe(subresource);

    private static JsonNode Version(string plural) =>
        Yaml.Read(Path.Combine(Repository.Definitions, $"{plural}.yaml")).Single()["spec"]!["versions"]![0]!;

    private static string Headings(IEnumerable<JsonNode?> columns) =>
        string.Join(' ', columns.Select(column => column!["name"]!.GetValue<string>().ToUpperInvariant()));

    private static HashSet<string> Fields(JsonNode? node, string path) => node switch
    {
        JsonObject map when !path.EndsWith("matchLabels", StringComparison.Ordinal) => [.. map.SelectMany(entry => Fields(entry.Value, $"{path}.{entry.Key}"))],
        JsonArray { Count: > 0 } list => [.. list.SelectMany(item => Fields(item, $"{path}[]"))],
        _ => [path],
    };

    private static HashSet<string> Declared(JsonObject schema, string path)
    {
        if (schema["properties"] is JsonObject properties) return [.. properties.SelectMany(entry => Declared(entry.Value!.AsObject(), $"{path}.{entry.Key}"))];
        return schema["items"] is JsonObject items ? Declared(items, $"{path}[]") : [path];
    }
}
