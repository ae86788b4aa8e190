using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Client;

public sealed class WatchReaderTests
{
    private const string Events = """
        {"type":"ADDED","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","resourceVersion":"1"},"spec":{"nodeName":"\"}{\n"}}}
        {"object":{"metadata":{"name":"a","resourceVersion":"2"}},"type":"MODIFIED"}

        {"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9","creationTimestamp":null},"spec":{"containers":null}}}
        {"type":"DELETED","object":{"metadata":{"name":"a","resourceVersion":"10"}}}

        """;

    [Property]
    public async Task<bool> Any_cutting_into_pieces_reads_the_same(PositiveInt[] sizes) =>
        sizes.Length == 0 || await ReadAsync(Events, [.. sizes.Select(size => size.Get)]) == "Added a 1, Modified a 2, Bookmark  9, Deleted a 10";

    [Fact]
    public async Task An_unfinished_line_at_the_end_is_dropped()
    {
        const string Lines = """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}""" + "\n" + """{"type":"MODIF""";

        (await ReadAsync(Lines, [100])).ShouldBe("Added a 1");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"type":"ADDED","object":{"metadata":""")]
    [InlineData("""{"type":"WHAT","object":{}}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"object":{}}""")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("[]")]
    public Task A_line_that_is_no_event_is_an_error(string line) => Should.ThrowAsync<JsonException>(ReadAsync(line + "\n", [7]));

    [Fact]
    public async Task An_error_event_carries_the_servers_status()
    {
        const string Line = """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}""" + "\n";

        var error = await Should.ThrowAsync<KubeException>(ReadAsync(Line, [11]));

        error.IsExpired.ShouldBeTrue();
        error.Message.ShouldBe("watch pods: Expired (410): too old resource version");
    }

    [Theory]
    [InlineData(70)]
    [InlineData(10_000)]
    public async Task Nobody_hides_what_follows_by_nesting_what_nobody_reads(int depth)
    {
        var deep = Nesting.Pod("a", 1, depth);

        (await ReadAsync($$$"""{"type":"ADDED","object":{{{deep}}}}""" + "\n" + Events, [1000])).ShouldStartWith("Added a 1, Added a 1, Modified a 2");
    }

    private static async Task<string> ReadAsync(string lines, IReadOnlyList<int> sizes)
    {
        var events = new List<string>();
        var stream = new ChunkedStream(Encoding.UTF8.GetBytes(lines), sizes);
        await foreach (var change in WatchReader.ReadAsync(stream, CoreResources.Pods, default))
            events.Add($"{change.Type} {change.Object?.Metadata.Name} {change.ResourceVersion}");
        return string.Join(", ", events);
    }
}
