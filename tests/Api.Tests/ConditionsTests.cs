using System.Text.Json;

namespace Sluice.Api.Tests;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset Then = new(2023, 8, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Then.AddHours(1).AddMilliseconds(700);
    private static readonly DateTimeOffset NowToTheSecond = Then.AddHours(1);

    private static readonly Condition Ready = new()
    {
        Type = ConditionTypes.Ready,
        Status = ConditionStatus.True,
        Reason = "Done",
        Message = "m",
        LastUpdateTime = Then,
        LastTransitionTime = Then,
    };

    [Fact]
    public void Equality_ignores_times_and_nothing_else()
    {
        (Ready with { LastUpdateTime = null, LastTransitionTime = Now }).ShouldBe(Ready);
        Condition[] others =
        [
            Ready with { Type = "Other" }, Ready with { Status = ConditionStatus.False }, Ready with { Reason = "Other" }, Ready with { Message = "o" },
            Ready with { Node = "n" }, Ready with { ObservedGeneration = 1 },
        ];
        others.ShouldAllBe(other => other != Ready);
    }

    [Fact]
    public void Statuses_that_differ_in_times_only_are_equal() =>
        new OvnFipStatus { Ready = true, Conditions = [Ready with { LastUpdateTime = Now }] }.ShouldBe(new OvnFipStatus { Ready = true, Conditions = [Ready] });

    [Fact]
    public void Setting_replaces_in_place_or_appends()
    {
        ValueList<Condition>? none = null;
        var onNode = Ready with { Node = "n" };
        var list = none.Set(Ready).Set(onNode).Set(Ready with { Status = ConditionStatus.False });
        list.ShouldBe([Ready with { Status = ConditionStatus.False }, onNode]);
        list.IsTrue(ConditionTypes.Ready).ShouldBeFalse();
        list.IsTrue(ConditionTypes.Ready, "n").ShouldBeTrue();
        list.Find("Other").ShouldBeNull();
    }

    [Theory]
    [InlineData("True", "Done", true, true)]
    [InlineData("True", "Reworded", false, true)]
    [InlineData("False", "Done", false, false)]
    public void Times_are_kept_while_they_are_true(string status, string reason, bool keepsUpdate, bool keepsTransition)
    {
        var wanted = new Condition { Type = ConditionTypes.Ready, Status = status, Reason = reason, Message = "m" };
        var stamped = Conditions.Stamp([wanted], [Ready], Now).ShouldNotBeNull()[0];
        stamped.ShouldBe(wanted);
        stamped.LastUpdateTime.ShouldBe(keepsUpdate ? Then : NowToTheSecond);
        stamped.LastTransitionTime.ShouldBe(keepsTransition ? Then : NowToTheSecond);
    }

    [Fact]
    public void What_was_never_observed_begins_now()
    {
        var stamped = Conditions.Stamp([Ready with { LastUpdateTime = null }], null, Now).ShouldNotBeNull()[0];
        (stamped.LastUpdateTime, stamped.LastTransitionTime).ShouldBe((NowToTheSecond, NowToTheSecond));
        Conditions.Stamp(null, [Ready], Now).ShouldBeNull();
    }

    [Fact]
    public void A_condition_of_a_foreign_writer_may_lack_everything() =>
        JsonSerializer.Deserialize("""{"metadata":{"name":"a"},"status":{"conditions":[{}]}}""", SluiceResources.OvnEips.Json)!
            .Status!.Conditions.ShouldBe([new Condition()]);
}
