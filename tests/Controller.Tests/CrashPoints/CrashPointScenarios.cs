using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>
/// Whatever a controller does to the world outside, it may die just before, or just after but without knowing, or only lose the connection:
/// in the end everything is as if nothing had happened. All points are tried when <c>SLUICE_CRASH_POINTS</c> is <c>all</c>,
/// one of each way to be cut off otherwise.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class CrashPointScenarios(ApiServerFixture server, ITestOutputHelper output)
{
    private static readonly bool All = Environment.GetEnvironmentVariable("SLUICE_CRASH_POINTS") == "all";

    private static readonly (Cut Cut, bool IsForGood)[] Ways = [(Cut.Before, true), (Cut.After, true), (Cut.Before, false), (Cut.After, false)];

    [Theory]
    [InlineData("create EIPs and rules")]
    [InlineData("move a FIP to another EIP and pod")]
    [InlineData("delete everything")]
    [InlineData("exchange gateway nodes")]
    [InlineData("create a pod anew with another address")]
    [InlineData("move a Vip")]
    [InlineData("delete the VPC and its subnet in use")]
    public async Task Any_effect_may_be_the_last(string name)
    {
        var story = CrashStories.All.Single(story => story.Name == name);
        var (expected, effects) = await TellAsync(story, new Fuse(), 0, default, isForGood: true);
        effects.ShouldBeGreaterThan(0);

        // A sample takes effects evenly, and the ways to be cut off in turns.
        var all = effects * Ways.Length;
        var chosen = All
            ? Enumerable.Range(0, all).Select(i => (At: (i / Ways.Length) + 1, Way: Ways[i % Ways.Length])).ToArray()
            : [.. Ways.Select((way, i) => (At: (int)((i + 0.5) * effects / Ways.Length) + 1, Way: way))];
        var reached = 0;
        foreach (var (at, (cut, isForGood)) in chosen)
        {
            var fuse = new Fuse();
            var (actual, _) = await TellAsync(story, fuse, at, cut, isForGood);
            if (fuse.IsBlown)
                reached++;
            var what = $"{name}, cut {(isForGood ? "for good" : "once")} {cut} effect {at} of {effects}";
            string.Join('\n', actual.Except(expected, StringComparer.Ordinal)).ShouldBe(string.Join('\n', expected.Except(actual, StringComparer.Ordinal)), what);
        }

        output.WriteLine($"figure: crash points of \"{name}\": {effects} effects, {reached} of {all} points reached, {all - chosen.Length} left out, nothing lost");
    }

    /// <summary>Tells a story; the controller dies where the fuse says, and another one takes over.</summary>
    /// <returns>What everything is like in the end, and how many effects there were.</returns>
    private async Task<(IReadOnlyList<string> Picture, int Effects)> TellAsync(CrashStory story, Fuse fuse, int at, Cut cut, bool isForGood)
    {
        var world = await World.StartAsync(server, controller: false);
        try
        {
            await using var socket = new FusedSocket(fuse, world.NorthboundServer);
            var first = world.StartAnother(world.Options with { NorthboundAddress = socket.Address }, handler => new FusedHandler(fuse, handler));
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
