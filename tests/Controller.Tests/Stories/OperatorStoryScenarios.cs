using Sluice.Api;
using Sluice.Controller.Tests.CrashPoints;
using Sluice.Controller.Tests.Stories.Operators;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// Whatever operators get wrong on a live network, and whoever restarts the controller meanwhile: after each step all that was valid and
/// that the step does not name has the same addresses and the same rows, and when all is mended all is as it was. See
/// <see cref="Storytelling"/>.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class OperatorStoryScenarios(ApiServerFixture server, ITestOutputHelper output)
{
    private const int Steps = 16;
    private const int Sample = 2;
    private const int FewOfAKind = 3;

    private static readonly int Count = Storytelling.Count(Sample);

    [Fact]
    public async Task No_mistake_of_an_operator_takes_anything_from_anybody()
    {
        await Storytelling.EachAsync(output, Count, seed => OperatorStory.Tell(seed, Steps), (steps, _) => TellAsync(steps, null));
        output.WriteLine($"figure: {Count} random stories of operators told, each of {Steps} steps or one more, nothing taken from anybody");
    }

    /// <summary>The same while the API server and the connection to the database misbehave.</summary>
    [Fact]
    public async Task No_mistake_of_an_operator_takes_anything_from_anybody_on_a_bad_day()
    {
        await Storytelling.EachAsync(
            output, Count, seed => OperatorStory.Tell(seed, Steps), (steps, seed) => TellAsync(steps, new BadDay(seed)));
        output.WriteLine(
            $"figure: {Count} random stories of operators told on a bad day, each of {Steps} steps or one more, nothing taken from anybody");
    }

    public static TheoryData<string> Kinds => new(Slips.All.Select(slip => slip.Kind).Distinct());

    /// <summary>Each mistake that stories are made of, by itself; a few of each kind when stories are but sampled.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_single_mistake_takes_anything_from_anybody(string kind)
    {
        var slips = Slips.All.Where(slip => slip.Kind == kind).ToArray();
        var few = Storytelling.Count(FewOfAKind);
        var world = await World.StartAsync(server, LiveNetwork.Options);
        var differences = new List<string>();
        try
        {
            await LiveNetwork.BuildAsync(world);
            var before = await Running.ReadAsync(world);
            // What is deleted stays so for the mistakes that follow.
            foreach (var slip in slips.Where((_, at) => at * few / slips.Length != (at - 1) * few / slips.Length || few >= slips.Length))
            {
                before = await MakeAsync(slip.Mistake, before);
                if (slip.Mending is not null) before = await MakeAsync(slip.Mending, before);
            }
        }
        finally
        {
            await world.AbandonAsync();
        }
        string.Join('\n', differences).ShouldBeEmpty();

        async Task<Running> MakeAsync(IOperatorStep step, Running before)
        {
            await step.RunAsync(world);
            await Idleness.WaitAsync(world, world.Controller);
            var now = await Running.ReadAsync(world);
            var taken = now.DifferencesFrom(before, step).ToList();
            if (taken.Count > 0) differences.Add($"{step}\n  {string.Join("\n  ", taken)}");
            return now;
        }
    }

    private async Task TellAsync(IReadOnlyList<IStep> steps, BadDay? day)
    {
        var world = await World.StartAsync(server, LiveNetwork.Options);
        FusedSocket? socket = null;
        try
        {
            await LiveNetwork.BuildAsync(world);
            var start = await Running.ReadAsync(world);
            if (day is not null)
            {
                socket = new FusedSocket(day.Fuse, world.NorthboundServer);
                world.Options = world.Options with { NorthboundAddress = socket.Address };
                world.Intercept = day.Intercept;
                await world.RestartControllerAsync();
            }
            await HappenAsync(world, [.. steps, .. OperatorStory.Mendings(steps)], start);
            day?.End();
            await EndAsync(world);
        }
        catch
        {
            day?.End();
            await world.AbandonAsync();
            throw;
        }
        finally
        {
            if (socket is not null) await socket.DisposeAsync();
        }
        await world.DisposeAsync();
    }

    private static async Task HappenAsync(World world, IReadOnlyList<IStep> steps, Running start)
    {
        var (before, allNamed) = (start, new HashSet<string>(StringComparer.Ordinal));
        foreach (var step in steps.Cast<IOperatorStep>())
        {
            allNamed.UnionWith(step.Named);
            await step.RunAsync(world);
            await Idleness.WaitAsync(world, world.Controller);
            var now = await Running.ReadAsync(world);
            Refuse($"after {step}", now.DifferencesFrom(before, step));
            before = now;
        }
        Refuse("when all is mended", before.DifferencesAtTheEndFrom(start, allNamed));
    }

    private static async Task EndAsync(World world)
    {
        await Idleness.WaitAsync(world, world.Controller);
        var before = await Running.ReadAsync(world);
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        await Idleness.WaitAsync(world, world.Controller);
        (world.Controller.ApiWrites, world.Controller.Term.Northbound.Operations).ShouldBe(
            (0, 0), $"a restart writes nothing\n{world.Controller.Metrics}");
        Refuse("after a restart", (await Running.ReadAsync(world)).DifferencesFrom(before));
        await DeleteEverythingAsync(world);
    }

    private static async Task DeleteEverythingAsync(World world)
    {
        await world.DeleteAsync(CoreResources.ConfigMaps, ExternalGatewayConfig.Name, "kube-system");
        await DeleteAsync(SluiceResources.OvnFips);
        await DeleteAsync(SluiceResources.OvnSnatRules);
        await DeleteAsync(SluiceResources.OvnDnatRules);
        await DeleteAsync(CoreResources.Pods);
        await DeleteAsync(SluiceResources.OvnEips);
        await DeleteAsync(SluiceResources.Vips);
        await DeleteAsync(SluiceResources.Ips);
        await DeleteAsync(SluiceResources.Subnets);
        await DeleteAsync(SluiceResources.Vpcs);
        await DeleteAsync(SluiceResources.Vlans);
        await DeleteAsync(SluiceResources.ProviderNetworks);
        await DeleteAsync(CoreResources.Nodes);
        await world.EventuallyOwnsNothingAsync();
        await NoneLeftAsync(SluiceResources.OvnEips);
        await NoneLeftAsync(SluiceResources.Vips);
        await NoneLeftAsync(SluiceResources.Ips);
        await NoneLeftAsync(SluiceResources.Subnets);
        await NoneLeftAsync(SluiceResources.Vpcs);
        await NoneLeftAsync(SluiceResources.Vlans);
        await NoneLeftAsync(SluiceResources.ProviderNetworks);

        async Task DeleteAsync<T>(ResourceType<T> type)
            where T : KubeObject
        {
            foreach (var item in (await world.Kube.ListAsync(type)).Items)
                await world.DeleteAsync(type, item.Metadata.Name, item.Metadata.Namespace);
        }

        async Task NoneLeftAsync<T>(ResourceType<T> type)
            where T : KubeObject
        {
            IReadOnlyList<T> left = [];
            await Eventually.HoldsAsync(
                async () => (left = (await world.Kube.ListAsync(type)).Items).Count == 0,
                () => string.Join('\n', left),
                $"no {type.Plural} are left");
        }
    }

    private static void Refuse(string when, IEnumerable<string> differences)
    {
        var found = differences.ToList();
        if (found.Count > 0) throw new TakenException($"{when}:\n  {string.Join("\n  ", found)}");
    }

    /// <summary>Somebody lost something by a step that does not name him.</summary>
    private sealed class TakenException(string message) : Exception(message);
}
