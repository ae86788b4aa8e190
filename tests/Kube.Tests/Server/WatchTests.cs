using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sluice.Kube.Tests.Server;

[Collection(nameof(ApiServerFixture))]
public sealed class WatchTests(ApiServerFixture api) : IAsyncLifetime
{
    private readonly KubeClient _client = api.Client;
    private string _namespace = "";

    public async Task InitializeAsync() => _namespace = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Changes_come_in_order_from_any_version_that_is_still_known()
    {
        var start = (await _client.ListAsync(Widget.Type)).ResourceVersion;
        var created = await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a"));
        var replaced = await _client.ReplaceAsync(Widget.Type, created with { Spec = new WidgetSpec { Size = 2 } });
        await _client.DeleteAsync(Widget.Type, _namespace, "a");

        var all = await TakeAsync(start, 3);
        all.Select(change => change.Type).ShouldBe([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted]);
        all.Select(change => change.Object!.Spec).ShouldBe([created.Spec, replaced.Spec, replaced.Spec]);
        all[0].Object.ShouldBe(created);
        all[1].Object.ShouldBe(replaced);
        ResourceVersion.Compare(all[2].ResourceVersion, all[1].ResourceVersion).ShouldBe(1);

        var resumed = await TakeAsync(all[0].ResourceVersion, 2);
        resumed.Select(change => (change.Type, change.ResourceVersion)).ShouldBe(all.Skip(1).Select(change => (change.Type, change.ResourceVersion)));
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up_and_leaves_bookmarks()
    {
        var elsewhere = await api.NewNamespaceAsync();
        var start = (await _client.ListAsync(Widget.Type)).ResourceVersion;
        await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a"));
        var changes = new List<WatchEvent<Widget>>();
        Widget? unseen = null;

        await foreach (var change in _client.WatchAsync(Widget.Type, Options(start) with { Timeout = TimeSpan.FromSeconds(6) }))
        {
            changes.Add(change);
            unseen ??= await _client.CreateAsync(Widget.Type, Widget.Named(elsewhere, "b"));
        }

        changes.Select(change => change.Type).Distinct().ShouldBe([WatchEventType.Added, WatchEventType.Bookmark]);
        changes[^1].Object.ShouldBeNull();
        ResourceVersion.Compare(changes[^1].ResourceVersion, unseen!.Metadata.ResourceVersion).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_version_that_is_too_old_has_expired() =>
        (await Should.ThrowAsync<KubeException>(TakeAsync("1", 1))).IsExpired.ShouldBeTrue();

    [Fact]
    public async Task Pages_that_etcd_has_forgotten_are_read_again()
    {
        foreach (var i in Enumerable.Range(0, 5))
            await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, string.Create(CultureInfo.InvariantCulture, $"w{i}")));
        var options = new ListOptions { Namespace = _namespace, PageSize = 2 };
        var page = await _client.ListPageAsync(Widget.Type, options, null);
        await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "w9"));

        await CompactAsync();

        (await Should.ThrowAsync<KubeException>(_client.ListPageAsync(Widget.Type, options, page.Continue))).IsExpired.ShouldBeTrue();
        (await _client.ListAsync(Widget.Type, options)).Items.Count.ShouldBe(6);
    }

    [Fact]
    public async Task More_watches_than_one_connection_carries_are_served()
    {
        const int Watches = 300;
        var start = (await _client.ListAsync(Widget.Type)).ResourceVersion;
        var watching = Enumerable.Range(0, Watches).Select(_ => TakeAsync(start, 1)).ToList();

        await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a"));

        (await Task.WhenAll(watching)).ShouldAllBe(changes => changes.Single().Object!.Metadata.Name == "a");
    }

    private WatchOptions Options(string start) => new() { Namespace = _namespace, ResourceVersion = start };

    private async Task<List<WatchEvent<Widget>>> TakeAsync(string start, int count)
    {
        var changes = new List<WatchEvent<Widget>>();
        await foreach (var change in _client.WatchAsync(Widget.Type, Options(start)))
        {
            changes.Add(change);
            if (changes.Count == count)
                break;
        }

        return changes;
    }

    /// <summary>Makes etcd forget everything but the newest state.</summary>
    private async Task CompactAsync()
    {
        var newest = (await _client.ListAsync(Widget.Type)).ResourceVersion;
        using var http = new HttpClient();
        var etcd = new UriBuilder("http", api.Server.Url.Host, 2379, "/v3/kv/compaction").Uri;
        using var response = await http.PostAsJsonAsync(etcd, new JsonObject { ["revision"] = newest, ["physical"] = true });
        response.EnsureSuccessStatusCode();
    }
}
