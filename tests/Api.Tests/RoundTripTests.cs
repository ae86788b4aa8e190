using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Api.Tests;

/// <summary>Reading an object and writing it again neither adds, loses nor changes a field.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("""{"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"a"},"spec":{}}""")]
    [InlineData("""{"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"a"},"spec":{"v4Ip":""},"status":{"v4Ip":"","ready":false,"conditions":[]}}""")]
    public void Absent_and_empty_stay_apart(string json) => ShouldSurvive((JsonObject)JsonNode.Parse(json)!);

    [Fact]
    public void Objects_with_every_field_survive()
    {
        var objects = Yaml.Documents(Repository.FullManifests).ToList();
        objects.Count.ShouldBe(10);
        foreach (var value in objects) ShouldSurvive(value);
    }

    [Fact]
    public void The_manifests_of_the_walkthrough_survive()
    {
        foreach (var value in Yaml.Documents(Repository.SeedManifests).Where(Kinds.IsOurs)) ShouldSurvive(value);
    }

    [Fact]
    public void An_absent_spec_reads_as_an_empty_one()
    {
        var eip = JsonSerializer.Deserialize("""{"metadata":{"name":"a"},"spec":null}""", SluiceResources.OvnEips.Json)!;
        eip.Spec.ShouldBe(new OvnEipSpec());
    }

    [Fact]
    public void A_new_object_names_its_kind() =>
        JsonSerializer.Serialize(new Ip { Metadata = new() { Name = "a" }, Spec = new() { Subnet = "s" } }, SluiceResources.Ips.Json)
            .ShouldBe("""{"apiVersion":"kubeovn.io/v1","kind":"IP","metadata":{"name":"a"},"spec":{"subnet":"s"}}""");

    private static void ShouldSurvive(JsonObject value)
    {
        var written = Kinds.RoundTrip(value);
        JsonNode.DeepEquals(written, value).ShouldBeTrue($"read:\n{value}\nwritten:\n{written}");
    }
}
