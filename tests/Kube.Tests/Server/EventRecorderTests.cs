using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Server;

[Collection(nameof(ApiServerFixture))]
public sealed class EventRecorderTests(ApiServerFixture api) : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private string _namespace = "";
    private Widget _widget = null!;

    public async Task InitializeAsync()
    {
        _namespace = await api.NewNamespaceAsync();
        _widget = await api.Client.CreateAsync(Widget.Type, Widget.Named(_namespace, "w"));
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    [Fact]
    public async Task An_event_is_where_kubectl_looks_for_it()
    {
        NewRecorder().Warning(Widget.Type, _widget, "NoAddress", "subnet external has no free address");

        var stored = (await EventsAsync(1)).Single();
        stored.InvolvedObject.ShouldBe(new ObjectReference
        {
            ApiVersion = "test.sluice/v1",
            Kind = "Widget",
            Namespace = _namespace,
            Name = "w",
            Uid = _widget.Metadata.Uid,
        });
        (stored.Type, stored.Reason, stored.Message, stored.Count, stored.Source).ShouldBe(
            ("Warning", "NoAddress", "subnet external has no free address", 1, new EventSource { Component = "tests" }));
        stored.FirstTimestamp.ShouldNotBeNull();
        (await api.Server.KubectlAsync("describe", "widget", "w", "--namespace", _namespace))
            .ShouldMatch(@"Warning\s+NoAddress\s+\S+\s+tests\s+subnet external has no free address");
    }

    [Fact]
    public async Task Repetitions_are_counted_even_across_a_restart()
    {
        var first = NewRecorder();
        for (var i = 0; i < 3; i++)
            first.Warning(Widget.Type, _widget, "Same", "same");
        first.Normal(Widget.Type, _widget, "Other", "other");
        await EventsAsync(4);

        NewRecorder().Warning(Widget.Type, _widget, "Same", "same");

        (await EventsAsync(5)).Select(stored => (stored.Reason, stored.Type, stored.Count)).Order()
            .ShouldBe([("Other", "Normal", 1), ("Same", "Warning", 4)]);
    }

    [Fact]
    public async Task An_event_that_expired_is_recorded_again()
    {
        var recorder = NewRecorder();
        recorder.Normal(Widget.Type, _widget, "Same", "same");
        recorder.Normal(Widget.Type, _widget, "Same", "same");
        var stored = (await EventsAsync(2)).Single();
        await api.Client.DeleteAsync(CoreResources.Events, _namespace, stored.Metadata.Name);

        recorder.Normal(Widget.Type, _widget, "Same", "same");

        (await EventsAsync(1)).Single().Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_object_that_makes_too_much_noise_is_not_heard()
    {
        var recorder = NewRecorder();
        for (var i = 0; i < 50; i++)
            recorder.Normal(Widget.Type, _widget, "Noise", "noise");
        var quiet = await api.Client.CreateAsync(Widget.Type, Widget.Named(_namespace, "quiet"));
        recorder.Normal(Widget.Type, quiet, "Heard", "heard");

        (await EventsAsync(26)).Select(stored => (stored.Reason, stored.Count)).Order().ShouldBe([("Heard", 1), ("Noise", 25)]);
    }

    [Fact]
    public async Task Cluster_scoped_objects_report_to_the_default_namespace()
    {
        var node = await api.Client.CreateAsync(CoreResources.Nodes, new Node { Metadata = new ObjectMeta { Name = $"node-{_namespace}" } });

        NewRecorder().Normal(CoreResources.Nodes, node, "Noted", "noted");

        await Eventually.TrueAsync(async () => (await api.Client.ListAsync(CoreResources.Events, new ListOptions
        {
            Namespace = "default",
            FieldSelector = $"involvedObject.name={node.Metadata.Name}",
        })).Items is [{ Reason: "Noted" }]);
    }

    [Fact]
    public async Task What_cannot_be_recorded_does_not_stop_what_can()
    {
        var recorder = NewRecorder();
        recorder.Record(new ObjectReference { Kind = "Widget", Namespace = "nowhere", Name = "w" }, EventType.Normal, "Lost", "lost");
        recorder.Normal(Widget.Type, _widget, "Kept", "kept");

        (await EventsAsync(1)).Single().Reason.ShouldBe("Kept");
    }

    private EventRecorder NewRecorder()
    {
        var recorder = new EventRecorder(api.Client, "tests");
        _running.Add(recorder.RunAsync(_stop.Token));
        return recorder;
    }

    /// <summary>Waits until so many occurrences are stored.</summary>
    private async Task<IReadOnlyList<Event>> EventsAsync(int occurrences)
    {
        IReadOnlyList<Event> events = [];
        await Eventually.TrueAsync(async () =>
        {
            events = (await api.Client.ListAsync(CoreResources.Events, new ListOptions { Namespace = _namespace })).Items;
            return events.Sum(stored => stored.Count) == occurrences;
        });
        return events;
    }
}
