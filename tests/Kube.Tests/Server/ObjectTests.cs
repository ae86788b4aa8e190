using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Server;

[Collection(nameof(ApiServerFixture))]
public sealed class ObjectTests(ApiServerFixture api) : IAsyncLifetime
{
    private readonly KubeClient _client = api.Client;
    private string _namespace = "";

    public async Task InitializeAsync() => _namespace = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_object_is_created_read_replaced_listed_and_deleted()
    {
        var created = await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a"));
        (created.ApiVersion, created.Kind, created.Key, created.Spec).ShouldBe(
            ("test.sluice/v1", "Widget", new ObjectKey(_namespace, "a"), new WidgetSpec { Color = "red", Size = 1 }));
        created.Metadata.Generation.ShouldBe(1);
        (await _client.GetAsync(Widget.Type, _namespace, "a")).ShouldBe(created);

        var replaced = await _client.ReplaceAsync(Widget.Type, created with { Spec = new WidgetSpec { Color = "blue" } });
        replaced.Spec.ShouldBe(new WidgetSpec { Color = "blue" });
        replaced.Metadata.ShouldBe(created.Metadata with { Generation = 2, ResourceVersion = replaced.Metadata.ResourceVersion });
        ResourceVersion.Compare(replaced.Metadata.ResourceVersion, created.Metadata.ResourceVersion).ShouldBe(1);
        (await _client.ListAsync(Widget.Type, new ListOptions { Namespace = _namespace })).Items.ShouldBe([replaced]);

        (await _client.DeleteAsync(Widget.Type, _namespace, "a")).ShouldBeTrue();
        (await _client.FindAsync(Widget.Type, _namespace, "a")).ShouldBeNull();
        (await _client.DeleteAsync(Widget.Type, _namespace, "a")).ShouldBeFalse();
        (await Should.ThrowAsync<KubeException>(_client.GetAsync(Widget.Type, _namespace, "a"))).IsNotFound.ShouldBeTrue();
    }

    [Fact]
    public async Task The_server_may_choose_the_name()
    {
        var created = await _client.CreateAsync(Widget.Type, new Widget { Metadata = new ObjectMeta { Namespace = _namespace, GenerateName = "w-" } });

        created.Metadata.Name.ShouldMatch("^w-[a-z0-9]{5}$");
    }

    [Fact]
    public async Task Refusals_say_what_they_are()
    {
        var created = await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a"));
        await _client.ReplaceAsync(Widget.Type, created with { Spec = new WidgetSpec { Size = 2 } });

        var stale = await Should.ThrowAsync<KubeException>(_client.ReplaceAsync(Widget.Type, created));
        (stale.IsConflict, stale.IsAlreadyExists, stale.IsTransient).ShouldBe((true, false, false));
        var twice = await Should.ThrowAsync<KubeException>(_client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a")));
        (twice.IsConflict, twice.IsAlreadyExists).ShouldBe((false, true));
        var invalid = await Should.ThrowAsync<KubeException>(_client.CreateAsync(Widget.Type, Widget.Named(_namespace, "b", color: "pink")));
        (invalid.IsInvalid, invalid.Status.Details!.Causes!.Single().Field).ShouldBe((true, "spec.color"));
        var nowhere = await Should.ThrowAsync<KubeException>(_client.CreateAsync(Widget.Type, Widget.Named("nowhere", "a")));
        nowhere.IsNotFound.ShouldBeTrue();
        nowhere.Message.ShouldContain("namespaces \"nowhere\" not found");
    }

    [Fact]
    public async Task Status_and_the_rest_are_replaced_apart()
    {
        var created = await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a") with { Status = new WidgetStatus { Phase = "ignored" } });
        created.Status.ShouldBeNull();

        var observed = await _client.ReplaceStatusAsync(
            Widget.Type,
            created with { Status = new WidgetStatus { Phase = "Up" }, Spec = new WidgetSpec { Color = "blue" } });
        (observed.Status, observed.Spec, observed.Metadata.Generation).ShouldBe((new WidgetStatus { Phase = "Up" }, created.Spec, 1));
        var replaced = await _client.ReplaceAsync(Widget.Type, observed with { Status = null, Spec = new WidgetSpec { Color = "green" } });

        (replaced.Status, replaced.Spec!.Color, replaced.Metadata.Generation).ShouldBe((observed.Status, "green", 2));
        (await Should.ThrowAsync<KubeException>(_client.ReplaceStatusAsync(Widget.Type, created))).IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task A_JSON_patch_is_all_or_nothing()
    {
        var created = await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a") with
        {
            Metadata = new ObjectMeta { Namespace = _namespace, Name = "a", Finalizers = ["test.sluice/one", "test.sluice/two"] },
        });
        Task<Widget> RemoveFirstFinalizer() => _client.PatchAsync(Widget.Type, _namespace, "a", Patch.Json(new JsonPatch()
            .Test("/metadata/finalizers/0", "test.sluice/one")
            .Remove("/metadata/finalizers/0")
            .Add("/metadata/annotations", new JsonObject { ["a/b"] = "c" })));

        var patched = await RemoveFirstFinalizer();

        patched.Metadata.Finalizers.ShouldBe(["test.sluice/two"]);
        patched.Metadata.Annotation("a/b").ShouldBe("c");
        patched.Spec.ShouldBe(created.Spec);
        (await Should.ThrowAsync<KubeException>(RemoveFirstFinalizer())).IsInvalid.ShouldBeTrue();
        (await _client.GetAsync(Widget.Type, _namespace, "a")).Metadata.Finalizers.ShouldBe(["test.sluice/two"]);
    }

    [Fact]
    public async Task A_merge_patch_touches_what_it_names_in_the_object_or_a_subresource()
    {
        await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a", "red", 1));

        await _client.PatchAsync(Widget.Type, _namespace, "a", Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["color"] = null } }));
        var patched = await _client.PatchAsync(
            Widget.Type, _namespace, "a", Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["phase"] = "Up" } }), "status");

        (patched.Spec, patched.Status).ShouldBe((new WidgetSpec { Size = 1 }, new WidgetStatus { Phase = "Up" }));
    }

    [Fact]
    public async Task Apply_owns_fields_and_takes_over_only_by_force()
    {
        Patch Apply(string manager, int size, bool force = false) => Patch.Apply(Widget.Type, Widget.Named(_namespace, "a") with { Spec = new WidgetSpec { Size = size } }, manager, force);
        Task<Widget> SendAsync(Patch patch) => _client.PatchAsync(Widget.Type, _namespace, "a", patch);

        (await SendAsync(Apply("one", 1))).Spec.ShouldBe(new WidgetSpec { Size = 1 });
        var conflict = await Should.ThrowAsync<KubeException>(SendAsync(Apply("two", 2)));
        conflict.IsConflict.ShouldBeTrue();
        conflict.Status.Details!.Causes!.Single().Field.ShouldBe(".spec.size");
        conflict.Message.ShouldContain("\"one\"");

        (await SendAsync(Apply("two", 2, force: true))).Spec.ShouldBe(new WidgetSpec { Size = 2 });
    }

    [Fact]
    public async Task A_replaced_object_keeps_the_owners_of_its_fields()
    {
        await _client.PatchAsync(Widget.Type, _namespace, "a", Patch.Apply(Widget.Type, Widget.Named(_namespace, "a", "red", 1), "one"));
        var read = await _client.GetAsync(Widget.Type, _namespace, "a");

        await _client.ReplaceAsync(Widget.Type, read with { Metadata = read.Metadata with { Labels = new Dictionary<string, string> { ["l"] = "1" } } });

        var managers = (await _client.GetRawAsync(Widget.Type.Path(_namespace, "a")))["metadata"]!["managedFields"]!.AsArray();
        managers.Select(manager => (string?)manager!["manager"]).ShouldBe(["one", "tests"]);
    }

    [Fact]
    public async Task A_deletion_may_be_tied_to_one_incarnation_or_version()
    {
        var created = await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, "a"));
        Task<bool> DeleteAsync(DeleteOptions options) => _client.DeleteAsync(Widget.Type, _namespace, "a", options);

        (await Should.ThrowAsync<KubeException>(DeleteAsync(new DeleteOptions { Uid = "00000000-0000-0000-0000-000000000000" }))).IsConflict.ShouldBeTrue();
        (await Should.ThrowAsync<KubeException>(DeleteAsync(new DeleteOptions { ResourceVersion = "1" }))).IsConflict.ShouldBeTrue();
        (await DeleteAsync(new DeleteOptions { Uid = created.Metadata.Uid, ResourceVersion = created.Metadata.ResourceVersion })).ShouldBeTrue();
    }

    [Fact]
    public async Task A_patched_pod_keeps_what_we_do_not_model()
    {
        var pods = CoreResources.Unstructured("", "v1", "pods", "Pod", namespaced: true);
        await _client.CreateAsync(pods, new UnstructuredObject
        {
            Metadata = new ObjectMeta { Namespace = _namespace, Name = "p" },
            Fields = JsonNode.Parse("""
                {"spec": {"nodeName": "n", "containers": [{"name": "c", "image": "i", "env": [{"name": "E", "value": "v"}]}], "volumes": [{"name": "v", "emptyDir": {}}]}}
                """)!.AsObject(),
        });

        var patched = await _client.PatchAsync(CoreResources.Pods, _namespace, "p", Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["ovn.kubernetes.io/ip_address"] = "10.0.0.2" } },
        }));

        (patched.Spec.NodeName, patched.Metadata.Annotation("ovn.kubernetes.io/ip_address")).ShouldBe(("n", "10.0.0.2"));
        var raw = await _client.GetAsync(pods, _namespace, "p");
        raw["spec", "volumes"]!.ToJsonString().ShouldBe("""[{"name":"v","emptyDir":{}}]""");
        raw["spec", "containers"]![0]!["env"]!.ToJsonString().ShouldBe("""[{"name":"E","value":"v"}]""");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3, null)]
    [InlineData(3, "0")]
    public async Task Lists_are_complete_however_they_are_read(int pageSize, string? version)
    {
        foreach (var i in Enumerable.Range(0, 10))
            await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, string.Create(CultureInfo.InvariantCulture, $"w{i}"), size: i));
        var options = new ListOptions { Namespace = _namespace, PageSize = pageSize, ResourceVersion = version };

        // The cache that answers version 0 may lag a moment behind.
        var list = await _client.ListAsync(Widget.Type, options);
        while (version is not null && list.Items.Count < 10)
            list = await _client.ListAsync(Widget.Type, options);

        list.Items.Select(widget => widget.Spec!.Size).Order().ShouldBe(Enumerable.Range(0, 10).Select(i => (int?)i));
        list.Items.ShouldAllBe(widget => widget.Kind == "Widget" && widget.ApiVersion == "test.sluice/v1");
        list.ResourceVersion.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Selectors_select()
    {
        foreach (var (name, label) in new[] { ("a", "1"), ("b", "2") })
        {
            await _client.CreateAsync(Widget.Type, Widget.Named(_namespace, name) with
            {
                Metadata = new ObjectMeta { Namespace = _namespace, Name = name, Labels = new Dictionary<string, string> { ["l"] = label } },
            });
        }

        async Task<IEnumerable<string>> ListAsync(ListOptions options) =>
            (await _client.ListAsync(Widget.Type, options with { Namespace = _namespace })).Items.Select(widget => widget.Metadata.Name);
        (await ListAsync(new ListOptions { LabelSelector = "l in (1,3)" })).ShouldBe(["a"]);
        (await ListAsync(new ListOptions { FieldSelector = "metadata.name=b" })).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Kinds_are_discovered()
    {
        var widgets = (await _client.DiscoverAsync("test.sluice/v1", "Widget"))!;
        (widgets.ToString(), widgets.Namespaced).ShouldBe(("widgets.test.sluice", true));
        var nodes = (await _client.DiscoverAsync("v1", "Node"))!;
        (nodes.ToString(), nodes.ApiVersion, nodes.Namespaced).ShouldBe(("nodes", "v1", false));
        (await _client.DiscoverAsync("v1", "Nothing")).ShouldBeNull();
        (await _client.DiscoverAsync("nothing/v1", "Nothing")).ShouldBeNull();
        ((string?)(await _client.GetRawAsync("/version"))["major"]).ShouldBe("1");
    }
}
