using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Client;

public sealed class ListReaderTests
{
    private const string Pods = """
        {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "77", "continue": "tok", "extra": {"items": [1, 2]}}, "items": [
          {"metadata": {"name": "a", "labels": {"items": "]}"}}, "spec": {"nodeName": "näme"}},
          {"metadata": {"name": "b"}},
          {"metadata": {"name": "c"}}]}
        """;

    [Property]
    public async Task<bool> Any_cutting_into_pieces_reads_the_same(PositiveInt[] sizes) =>
        sizes.Length == 0 || await DescribeAsync(Pods, [.. sizes.Select(size => size.Get)]) == "77 tok a@näme b@ c@";

    [Theory]
    [InlineData("""{"apiVersion":"v1","items":[{"metadata":{"name":"a"}}],"kind":"L","metadata":{"resourceVersion":"5","continue":""}}""", "5  a@")]
    [InlineData("""{"items":[],"metadata":{"resourceVersion":"5"}}""", "5 ")]
    [InlineData("""{"items":null,"metadata":{"resourceVersion":"5"}}""", "5 ")]
    public async Task Order_of_fields_and_emptiness_do_not_matter(string json, string expected) => (await DescribeAsync(json, [3])).ShouldBe(expected);

    [Fact]
    public async Task Items_get_the_kind_that_the_server_leaves_out()
    {
        var list = await ReadAsync(Pods, [1000]);

        list.Items.Select(pod => (pod.ApiVersion, pod.Kind)).Distinct().ShouldBe([("v1", "Pod")]);
    }

    [Fact]
    public async Task A_list_that_breaks_off_is_an_error() =>
        await Should.ThrowAsync<Exception>(ReadAsync(Pods[..^10], [64]));

    [Fact]
    public async Task A_list_that_ends_before_it_begins_is_an_error() =>
        await Should.ThrowAsync<Exception>(ReadAsync("", [64]));

    [Fact]
    public async Task Something_else_than_a_list_is_an_error() =>
        await Should.ThrowAsync<JsonException>(ReadAsync("[1]", [64]));

    [Theory]
    [InlineData(70)]
    [InlineData(10_000)]
    public async Task Nobody_hides_the_others_by_nesting_what_nobody_reads(int depth)
    {
        var json = $$$"""{"metadata":{"resourceVersion":"5"},"items":[{{{Nesting.Pod("deep", 1, depth)}}},{"metadata":{"name":"other"}}]}""";

        (await DescribeAsync(json, [999])).ShouldBe("5  deep@n other@");
    }

    private static async Task<string> DescribeAsync(string json, IReadOnlyList<int> sizes)
    {
        var list = await ReadAsync(json, sizes);
        return $"{list.ResourceVersion} {list.Continue}{string.Concat(list.Items.Select(pod => $" {pod.Metadata.Name}@{pod.Spec.NodeName}"))}";
    }

    private static Task<KubeList<Pod>> ReadAsync(string json, IReadOnlyList<int> sizes) =>
        ListReader<Pod>.ReadAsync(new ChunkedStream(Encoding.UTF8.GetBytes(json), sizes), CoreResources.Pods, default);
}
