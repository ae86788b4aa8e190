using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Informers;

public sealed class ObjectStoreTests
{
    private static readonly Index<ConfigMap> ByColor = Index<ConfigMap>.By("color", map => map.Metadata.Label("color"));

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _changes = [];
    private readonly ObjectStore<ConfigMap> _store;

    public ObjectStoreTests() => _store = NewStore((old, item) => _changes.Add($"{Describe(old)}->{Describe(item)}"));

    [Fact]
    public void Changes_come_once_and_in_order()
    {
        _store.Apply(Map("a", 1));
        _store.Apply(Map("a", 2));
        _store.Remove(Map("a", 3));

        _changes.ShouldBe(["->a1", "a1->a2", "a2->"]);
        Content().ShouldBe("");
    }

    [Fact]
    public void What_we_have_seen_already_changes_nothing()
    {
        _store.Observe(Map("a", 2));
        _store.Apply(Map("a", 1));
        _store.Apply(Map("a", 2));

        _changes.ShouldBe(["->a2"]);
    }

    [Fact]
    public void A_late_response_does_not_overwrite_newer_state()
    {
        _store.Apply(Map("a", 5));
        _store.Observe(Map("a", 4));

        Content().ShouldBe("a5");
    }

    [Fact]
    public void A_late_response_does_not_bring_back_what_was_deleted()
    {
        _store.Apply(Map("a", 4));
        _store.Remove(Map("a", 6));
        _store.Observe(Map("a", 5));

        Content().ShouldBe("");
        _changes.ShouldBe(["->a4", "a4->"]);
    }

    [Fact]
    public void An_object_created_again_is_a_new_one_whichever_way_we_hear_of_it()
    {
        _store.Apply(Map("a", 4));
        _store.Observe(Map("a", 7));
        _store.Remove(Map("a", 6));

        Content().ShouldBe("a7");

        _store.Remove(Map("a", 8));
        _store.Apply(Map("a", 9));

        Content().ShouldBe("a9");
    }

    [Fact]
    public void A_list_removes_what_it_does_not_name()
    {
        _store.Replace([Map("a", 1), Map("b", 2), Map("c", 3)], "5", isRestart: false);
        _changes.Clear();

        _store.Replace([Map("b", 2), Map("c", 7), Map("d", 8)], "9", isRestart: false);

        Content().ShouldBe("b2 c7 d8");
        _changes.ShouldBe(["c3->c7", "->d8", "a1->"]);
    }

    [Fact]
    public void A_list_does_not_remove_or_age_what_we_wrote_after_it()
    {
        _store.Replace([Map("a", 1), Map("b", 2)], "5", isRestart: false);
        _store.Observe(Map("a", 8));
        _store.Observe(Map("c", 9));

        _store.Replace([Map("a", 6), Map("b", 2)], "7", isRestart: false);

        Content().ShouldBe("a8 b2 c9");
    }

    [Fact]
    public void What_a_list_has_removed_stays_removed()
    {
        _store.Replace([Map("a", 1)], "5", isRestart: false);
        _store.Replace([], "9", isRestart: false);
        _store.Observe(Map("a", 8));

        Content().ShouldBe("");
    }

    [Fact]
    public void A_late_response_does_not_bring_what_came_and_went_before_the_list()
    {
        _store.Replace([Map("a", 1)], "9", isRestart: false);
        _store.Observe(Map("b", 8));
        _store.Observe(Map("c", 10));

        Content().ShouldBe("a1 c10");
    }

    [Fact]
    public void A_server_that_lost_its_memory_is_believed()
    {
        _store.Replace([Map("a", 10), Map("b", 20), Map("c", 30)], "50", isRestart: false);
        _store.Remove(Map("d", 40));
        _changes.Clear();

        _store.Replace([Map("a", 10), Map("b", 5), Map("d", 6)], "9", isRestart: true);

        Content().ShouldBe("a10 b5 d6");
        _changes.ShouldBe(["b20->b5", "->d6", "c30->"]);
    }

    [Fact]
    public void Removing_the_last_finalizer_deletes_before_the_watch_says_so()
    {
        var deleting = Map("a", 5) with { Metadata = Map("a", 5).Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, Finalizers = ["f"] } };
        _store.Apply(deleting);

        _store.Observe(deleting with { Metadata = deleting.Metadata with { Finalizers = null } });
        Content().ShouldBe("");
        _store.Apply(deleting);
        _store.Remove(Map("a", 6));

        Content().ShouldBe("");
        _changes.ShouldBe(["->a5", "a5->"]);
    }

    [Fact]
    public void An_object_with_a_grace_period_is_still_there_without_finalizers()
    {
        _store.Apply(Map("a", 5));

        _store.Observe(Map("a", 6) with { Metadata = Map("a", 6).Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, DeletionGracePeriodSeconds = 30 } });

        Content().ShouldBe("a6");
    }

    [Fact]
    public void The_response_to_deleting_one_incarnation_leaves_the_next_alone()
    {
        _store.Apply(Map("a", 7, uid: "new"));

        _store.Observe(Map("a", 5, uid: "old") with { Metadata = Map("a", 5, uid: "old").Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } });

        Content().ShouldBe("a7");
    }

    [Fact]
    public void Versions_that_cannot_be_compared_leave_the_watch_in_charge()
    {
        _store.Apply(Map("a", "x"));
        _store.Observe(Map("a", "y"));
        Content().ShouldBe("ax");

        _store.Apply(Map("a", "y"));
        Content().ShouldBe("ay");
    }

    [Fact]
    public void Deletions_are_remembered_long_enough_and_not_forever()
    {
        _store.Apply(Map("a", 1));
        _store.Remove(Map("a", 5));
        _time.Advance(TimeSpan.FromMinutes(4));
        _store.Observe(Map("a", 2));
        Content().ShouldBe("");

        _time.Advance(TimeSpan.FromMinutes(2));
        _store.Apply(Map("b", 6));
        _store.Remove(Map("b", 7));
        _store.Observe(Map("a", 2));

        Content().ShouldBe("a2");
    }

    [Fact]
    public void A_snapshot_does_not_change_under_its_reader()
    {
        _store.Apply(Map("a", 1, "red"));
        var before = _store.Snapshot;

        _store.Apply(Map("a", 2, "blue"));
        _store.Apply(Map("b", 3, "red"));

        before.All.Select(Describe).ShouldBe(["a1"]);
        before.ByIndex("color", "red").Select(Describe).ShouldBe(["a1"]);
        before.ByIndex("color", "blue").ShouldBeEmpty();
        _store.Snapshot.ByIndex("color", "red").Select(Describe).ShouldBe(["b3"]);
        _store.Snapshot.ByIndex("color", "blue").Select(Describe).ShouldBe(["a2"]);
    }

    [Fact]
    public void An_undeclared_index_is_an_error() =>
        Should.Throw<ArgumentException>(() => _store.Snapshot.ByIndex("size", "x")).Message.ShouldContain("No index named size of ConfigMap");

    [Fact]
    public void Objects_are_found_by_name_and_come_in_the_order_of_their_names()
    {
        foreach (var name in new[] { "c", "a", "b" })
            _store.Apply(Map(name, 1));

        Content().ShouldBe("a1 b1 c1");
        _store.Snapshot.TryGet("ns", "b", out var found).ShouldBeTrue();
        found.ShouldBeSameAs(_store.Snapshot.Find(new ObjectKey("ns", "b")));
        _store.Snapshot.TryGet(null, "b", out _).ShouldBeFalse();
    }

    /// <summary>
    /// A server's history of four objects; the watch delivers it in order, responses to writes arrive at any later time and
    /// in any order, and lists come in between. Whatever happens: the snapshot ends as the server, never goes back, and the
    /// changes add up to it.
    /// </summary>
    [Property(MaxTest = 500)]
    public Property Every_interleaving_ends_as_the_server_does(PositiveInt seed) => Prop.ToProperty(() =>
    {
        var random = new Random(seed.Get);
        var history = new List<(ConfigMap Item, bool IsDeletion)>();
        var server = new Dictionary<string, ConfigMap>();
        var view = new Dictionary<ObjectKey, ConfigMap>();
        var isMonotonic = true;
        var store = NewStore((old, item) =>
        {
            var key = (item ?? old)!.Key;
            isMonotonic &= ReferenceEquals(view.GetValueOrDefault(key), old);
            isMonotonic &= old is null || item is null || ResourceVersion.Compare(old.Metadata.ResourceVersion, item.Metadata.ResourceVersion) < 0;
            if (item is null)
                view.Remove(key);
            else
                view[key] = item;
        });
        var delivered = 0;
        var listedAt = 0;
        for (var step = 0; step < 60; step++)
        {
            var name = ((char)('a' + random.Next(4))).ToString();
            switch (random.Next(6))
            {
                case 0 when server.ContainsKey(name):
                    history.Add((Map(name, history.Count + 1, Color(random)), true));
                    server.Remove(name);
                    break;
                case 0 or 1:
                    server[name] = Map(name, history.Count + 1, Color(random));
                    history.Add((server[name], false));
                    break;
                case 2 or 3 when delivered < history.Count:
                    Deliver(store, history[delivered++]);
                    break;
                case 4 when history.Count > 0:
                    if (history[random.Next(history.Count)] is { IsDeletion: false } written)
                        store.Observe(written.Item);
                    break;
                case 5:
                    // The watch broke: a list not older than what it had delivered, from which the watch goes on.
                    listedAt = random.Next(delivered, history.Count + 1);
                    store.Replace(StateAt(history, listedAt), listedAt.ToString(CultureInfo.InvariantCulture), isRestart: false);
                    delivered = listedAt;
                    break;
            }
        }

        while (delivered < history.Count)
            Deliver(store, history[delivered++]);

        var expected = server.Values.OrderBy(item => item.Key).Select(Describe).ToList();
        return isMonotonic
            && store.Snapshot.All.Select(Describe).SequenceEqual(expected)
            && view.Values.OrderBy(item => item.Key).Select(Describe).SequenceEqual(expected)
            && new[] { "red", "blue" }.All(color => store.Snapshot.ByIndex("color", color).Select(Describe)
                .SequenceEqual(server.Values.Where(item => item.Metadata.Label("color") == color).OrderBy(item => item.Key).Select(Describe)));
    });

    private ObjectStore<ConfigMap> NewStore(Action<ConfigMap?, ConfigMap?> changed) => new([ByColor], changed, _time);

    private static void Deliver(ObjectStore<ConfigMap> store, (ConfigMap Item, bool IsDeletion) change)
    {
        if (change.IsDeletion)
            store.Remove(change.Item);
        else
            store.Apply(change.Item);
    }

    private static List<ConfigMap> StateAt(List<(ConfigMap Item, bool IsDeletion)> history, int version) =>
        [.. history.Take(version).GroupBy(change => change.Item.Key).Select(group => group.Last()).Where(last => !last.IsDeletion).Select(last => last.Item)];

    private static string Color(Random random) => random.Next(2) == 0 ? "red" : "blue";

    private static ConfigMap Map(string name, int version, string color = "red", string uid = "u") =>
        Map(name, version.ToString(CultureInfo.InvariantCulture), color, uid);

    private static ConfigMap Map(string name, string version, string color = "red", string uid = "u") => new()
    {
        Metadata = new ObjectMeta
        {
            Namespace = "ns",
            Name = name,
            Uid = uid,
            ResourceVersion = version,
            Labels = new Dictionary<string, string> { ["color"] = color },
        },
    };

    private static string Describe(ConfigMap? item) => item is null ? "" : item.Metadata.Name + item.Metadata.ResourceVersion;

    private string Content() => string.Join(' ', _store.Snapshot.All.Select(Describe));
}
