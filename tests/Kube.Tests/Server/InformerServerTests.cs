using System.Collections.Concurrent;
using System.Globalization;

namespace Sluice.Kube.Tests.Server;

/// <summary>An informer against a real server that is cut off, restarted and busy.</summary>
[Collection(nameof(ApiServerFixture))]
public sealed class InformerServerTests(ApiServerFixture api) : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(Widget? Old, Widget? New)> _changes = new();
    private string _namespace = "";
    private CuttableProxy _network = null!;
    private KubeClient _remote = null!;
    private Informer<Widget> _informer = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _namespace = await api.NewNamespaceAsync();
        _network = new CuttableProxy(api.Server.Url);
        _remote = new KubeClient(
            api.Client.Config with { Server = _network.Url },
            new KubeClientOptions { KeepAlive = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1) });
        _informer = new Informer<Widget>(_remote, Widget.Type, new InformerOptions<Widget>
        {
            Namespace = _namespace,
            Indexes = [Index<Widget>.By("color", widget => widget.Spec?.Color)],
            Backoff = new Backoff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(200)),
        });
        _informer.Changed += (old, item) => _changes.Enqueue((old, item));
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _remote.Dispose();
        await _network.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Follows_what_happens_and_reads_its_own_writes()
    {
        var before = await CreateAsync("a", "red");
        await StartAsync();
        _informer.Snapshot.All.ShouldBe([before]);

        var mine = await CreateAsync("b", "blue");
        _informer.Observe(mine);
        _informer.Snapshot.All.ShouldBe([before, mine]);
        _informer.Snapshot.ByIndex("color", "blue").ShouldBe([mine]);
        await api.Client.DeleteAsync(Widget.Type, _namespace, "a");
        await InSyncAsync();

        _informer.Observe(before);
        _informer.Snapshot.All.ShouldBe([mine]);
        _changes.ShouldBe([(null, before), (null, mine), (before, null)]);
    }

    [Fact]
    public async Task Removing_the_last_finalizer_is_seen_as_the_deletion_that_it_is()
    {
        await StartAsync();
        var created = await api.Client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a") with
        {
            Metadata = new ObjectMeta { Namespace = _namespace, Name = "a", Finalizers = ["test.sluice/f"] },
        });
        await api.Client.DeleteAsync(Widget.Type, _namespace, "a");
        await InSyncAsync();
        var deleting = _informer.Snapshot.Find(created.Key)!;
        deleting.Metadata.IsDeleting.ShouldBeTrue();

        _informer.Observe(await api.Client.ReplaceAsync(Widget.Type, deleting with { Metadata = deleting.Metadata with { Finalizers = null } }));

        _informer.Snapshot.Count.ShouldBe(0);
        (await api.Client.FindAsync(Widget.Type, _namespace, "a")).ShouldBeNull();
        var next = await CreateAsync("a", "green");
        await InSyncAsync();
        _informer.Snapshot.All.ShouldBe([next]);
        _changes.Count(change => change.New is null).ShouldBe(1);
    }

    [Fact]
    public async Task A_cut_network_costs_nothing_but_time()
    {
        var kept = await CreateAsync("a", "red");
        await StartAsync();
        _network.Cut();
        var created = await CreateAsync("b", "red");
        var replaced = await api.Client.ReplaceAsync(Widget.Type, kept with { Spec = new WidgetSpec { Color = "blue" } });

        _network.Mend();

        await InSyncAsync();
        _changes.ShouldBe([(null, kept), (null, created), (kept, replaced)]);
    }

    [Fact]
    public async Task A_network_that_swallows_everything_is_found_out()
    {
        var first = await CreateAsync("a", "red");
        await StartAsync();
        _network.Swallow();
        var second = await CreateAsync("b", "red");

        // Nothing breaks, so only the pings that go unanswered tell the client that it has been waiting in vain.
        await Eventually.TrueAsync(() => _network.Abandoned > 0);
        _informer.Snapshot.All.ShouldBe([first]);
        _network.Mend();

        await InSyncAsync();
        _changes.ShouldBe([(null, first), (null, second)]);
    }

    [Fact]
    public async Task A_deletion_that_nobody_remembers_is_noticed()
    {
        var kept = await CreateAsync("a", "red");
        var lost = await CreateAsync("b", "red");
        await StartAsync();
        _network.Cut();
        await api.Client.DeleteAsync(Widget.Type, _namespace, "b");
        var created = await CreateAsync("c", "red");

        // The new server's cache begins after all this, so that the watch cannot be resumed.
        await RestartServerAsync();
        _network.Mend();

        await InSyncAsync();
        _informer.Snapshot.All.ShouldBe([kept, created]);
        _changes.ShouldBe([(null, kept), (null, lost), (null, created), (lost, null)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_server_that_was_killed_is_found_again()
    {
        var first = await CreateAsync("a", "red");
        await StartAsync();

        await RestartServerAsync();
        var second = await CreateAsync("b", "red");

        await InSyncAsync();
        _informer.Snapshot.All.ShouldBe([first, second]);
        _changes.ShouldBe([(null, first), (null, second)]);
    }

    [Fact]
    public async Task A_storm_of_writes_ends_in_the_servers_state()
    {
        await StartAsync();
        var writers = Enumerable.Range(0, 16).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"w{writer}-{i % 3}");
                if (await api.Client.FindAsync(Widget.Type, _namespace, name) is not { } found)
                    _informer.Observe(await CreateAsync(name, "red"));
                else if (i % 4 == 0)
                    await api.Client.DeleteAsync(Widget.Type, _namespace, name);
                else
                    _informer.Observe(await api.Client.ReplaceAsync(Widget.Type, found with { Spec = new WidgetSpec { Color = "blue", Size = i } }));
            }
        });

        await Task.WhenAll(writers);

        await InSyncAsync();
        var replay = new Dictionary<ObjectKey, Widget>();
        foreach (var (old, item) in _changes)
        {
            replay.GetValueOrDefault((item ?? old)!.Key).ShouldBe(old);
            if (item is null)
                replay.Remove(old!.Key);
            else
                replay[item.Key] = item;
        }

        replay.Values.OrderBy(widget => widget.Key).ShouldBe(_informer.Snapshot.All);
    }

    private Task<Widget> CreateAsync(string name, string color) => api.Client.CreateAsync(Widget.Type, Widget.Named(_namespace, name, color));

    private async Task StartAsync()
    {
        _running = _informer.RunAsync(_stop.Token);
        await _informer.WaitSyncedAsync(default);
        await InSyncAsync();
    }

    /// <summary>Waits until the snapshot is what the server has.</summary>
    private async Task InSyncAsync()
    {
        var expected = (await api.Client.ListAsync(Widget.Type, new ListOptions { Namespace = _namespace })).Items.Select(Incarnation).ToList();
        await Eventually.TrueAsync(() => _informer.Snapshot.All.Select(Incarnation).SequenceEqual(expected));
    }

    private static (ObjectKey, string?, string?) Incarnation(Widget widget) => (widget.Key, widget.Metadata.Uid, widget.Metadata.ResourceVersion);

    private async Task RestartServerAsync()
    {
        await api.Server.ControlPlane.ApiServer.KillAsync();
        await api.Server.ControlPlane.ApiServer.StartAsync();
        await api.IsServedAsync();
    }
}
