using System.Collections.Concurrent;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>
/// Whatever a controller does to the world outside, it may die just before, or just after but without knowing, or only lose the connection:
/// in the end everything is as if nothing had happened. All points are tried when <c>SLUICE_CRASH_POINTS</c> is <c>all</c>,
/// a few of each way to be cut off otherwise.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class CrashPointScenarios(ApiServerFixture server, ITestOutputHelper output)
{
    /// <summary>Points of each story and way that are tried unless all are.</summary>
    private const int Sample = 2;

    private static readonly bool All = Environment.GetEnvironmentVariable("SLUICE_CRASH_POINTS") == "all";

    private static readonly ConcurrentDictionary<string, (IReadOnlyList<string> Picture, int Effects)> Undisturbed = [];

    /// <summary>Each story, cut off in each way.</summary>
    public static IEnumerable<object[]> Stories() =>
        from story in CrashStories.All
        from way in Ways.Keys
        select new object[] { story.Name, way };

    private static Dictionary<string, (Cut Cut, bool IsForGood)> Ways { get; } = new()
    {
        ["dies before"] = (Cut.Before, true),
        ["dies after"] = (Cut.After, true),
        ["loses the request"] = (Cut.Before, false),
        ["loses the answer"] = (Cut.After, false),
    };

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Any_effect_may_be_the_last(string name, string way)
    {
        var story = CrashStories.All.Single(story => story.Name == name);
        if (!Undisturbed.TryGetValue(name, out var undisturbed))
            Undisturbed[name] = undisturbed = await TellAsync(story, new Fuse(), 0, default, isForGood: true);
        var (expected, effects) = undisturbed;
        effects.ShouldBeGreaterThan(0);

        // A sample takes effects evenly.
        int[] chosen = All
            ? [.. Enumerable.Range(1, effects)]
            : [.. Enumerable.Range(0, Sample).Select(i => (int)((i + 0.5) * effects / Sample) + 1).Distinct()];
        var (cut, isForGood) = Ways[way];
        var reached = 0;
        foreach (var at in chosen)
        {
            var fuse = new Fuse();
            var (actual, _) = await TellAsync(story, fuse, at, cut, isForGood);
            if (fuse.IsBlown)
                reached++;
            var what = $"{name}, {way} effect {at} of {effects}";
            string.Join('\n', actual.Except(expected, StringComparer.Ordinal)).ShouldBe(string.Join('\n', expected.Except(actual, StringComparer.Ordinal)), what);
        }

        output.WriteLine($"figure: crash points of \"{name}\", {way}: {reached} of {effects} effects reached, {effects - chosen.Length} left out, nothing lost");
    }

    /// <summary>Tells a story; the controller dies where the fuse says, and another one takes over.</summary>
    /// <returns>What everything is like in the end, and how many effects there were.</returns>
    private async Task<(IReadOnlyList<string> Picture, int Effects)> TellAsync(CrashStory story, Fuse fuse, int at, Cut cut, bool isForGood)
    {
        var world = await World.StartAsync(server, controller: false);
        try
        {
            await using var socket = new FusedSocket(fuse, world.NorthboundServer);
            var first = world.StartAnother(world.Options with { NorthboundAddress = socket.Address }, new() { Intercept = handler => new FusedHandler(fuse, handler) });
            try
            {
                await story.Prepare(world);
                await Idleness.WaitAsync(world, first);
                fuse.Arm(at, cut, isForGood);
                await story.Act(world);
                await Idleness.WaitAsync(world, first, () => fuse.IsBlown && isForGood);
            }
            finally
            {
                await first.KillAsync();
            }

            // The lease of a dead controller would run out.
            await world.DeleteAsync(CoreResources.Leases, world.Options.Election.Name, world.Options.Election.Namespace);
            await world.StartControllerAsync();
            await Idleness.WaitAsync(world, world.Controller);
            var picture = await Picture.TakeAsync(world);

            await world.StopControllerAsync();
            await world.StartControllerAsync();
            (world.Controller.ApiWrites, world.Controller.Term.Northbound.Operations).ShouldBe((0, 0), $"{story}, {cut} {at}: a further restart writes nothing\n{world.Controller.Metrics}");
            (await world.Kube.ListAsync(SluiceResources.OvnEips)).Items.Select(eip => eip.Status?.V4Ip).ShouldBeUnique();
            return (picture, fuse.Count);
        }
        finally
        {
            await world.AbandonAsync();
        }
    }
}
