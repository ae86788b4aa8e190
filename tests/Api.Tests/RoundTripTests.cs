using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kube;

namespace Sluice.Api.Tests;

/// <summary>Reading an object and writing it again neither adds, loses nor changes a field.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("""{"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"a"},"spec":{}}""")]
    [InlineData("""{"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"a"},"spec":{"v4Ip":""},"status":{"v4Ip":"","ready":false,"conditions":[]}}""")]
    public void Absent_and_empty_stay_apart(string json) => Same(SluiceResources.OvnEips, json);

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

    private static void Same<T>(ResourceType<T> type, string json)
        where T : KubeObject
    {
        var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type.Json)!, type.Json);
        JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(json)).ShouldBeTrue(written);
    }
}
