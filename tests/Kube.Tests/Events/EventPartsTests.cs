using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Events;

public sealed class EventPartsTests
{
    private static readonly ObjectReference Pod = new() { ApiVersion = "v1", Kind = "Pod", Namespace = "ns", Name = "p", Uid = "u" };

    private static readonly EventKey Key = new("me", Pod, EventType.Warning, "Failed", "message");

    [Fact]
    public void Anything_different_makes_another_event()
    {
        EventKey[] others =
        [
            new("you", Pod, EventType.Warning, "Failed", "message"),
            new("me", Pod with { Uid = "v" }, EventType.Warning, "Failed", "message"),
            new("me", Pod, EventType.Normal, "Failed", "message"),
            new("me", Pod, EventType.Warning, "Succeeded", "message"),
            new("me", Pod, EventType.Warning, "Failed", "other"),
        ];

        others.ShouldNotContain(Key);
        others.Append(Key).Select(key => key.Name).ShouldBeUnique();
    }

    [Fact]
    public void Names_fit_and_cluster_scoped_objects_report_to_the_default_namespace()
    {
        var key = new EventKey("me", new ObjectReference { Kind = "Node", Name = new string('n', 253) }, EventType.Normal, "R", "m");

        key.Name.Length.ShouldBe(253);
        key.Namespace.ShouldBe("default");
        Key.Name.ShouldStartWith("p.");
        Key.Namespace.ShouldBe("ns");
    }

    [Fact]
    public void A_bucket_allows_its_burst_and_then_what_drips_in()
    {
        var time = new ManualTimeProvider();
        var buckets = new TokenBuckets<string>(burst: 3, TimeSpan.FromMinutes(5), capacity: 10, time);

        Enumerable.Range(0, 5).Select(_ => buckets.TryTake("a")).ShouldBe([true, true, true, false, false]);
        buckets.TryTake("b").ShouldBeTrue();
        time.Advance(TimeSpan.FromMinutes(5));
        Enumerable.Range(0, 2).Select(_ => buckets.TryTake("a")).ShouldBe([true, false]);
        time.Advance(TimeSpan.FromHours(5));
        Enumerable.Range(0, 5).Count(_ => buckets.TryTake("a")).ShouldBe(3);
    }

    [Fact]
    public void The_least_recently_used_is_forgotten()
    {
        var recent = new RecentlyUsed<string, int>(2);
        recent.Set("a", 1);
        recent.Set("b", 2);
        recent.TryGet("a", out _);

        recent.Set("c", 3);

        recent.TryGet("b", out _).ShouldBeFalse();
        (recent.TryGet("a", out var a), a).ShouldBe((true, 1));
        (recent.TryGet("c", out var c), c).ShouldBe((true, 3));
    }
}
