using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.CrashPoints;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// Whatever users did, in whichever order and however often the controller was restarted meanwhile: in the end the database is what the
/// objects say, every object says what became of it, and when all is deleted nothing is left. See <see cref="Storytelling"/>.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class StoryScenarios(ApiServerFixture server, ITestOutputHelper output)
{
    private const int Steps = 60;
    private const int Sample = 6;
    private const int BusySample = 2;

    private static readonly int Count = Storytelling.Count(Sample);

    [Fact]
    public async Task Any_story_ends_as_its_objects_say()
    {
        await EachAsync((steps, _) => TellAsync(steps));
        output.WriteLine($"figure: {Count} random stories of {Steps} steps told, nothing lost and nothing left");
    }

    /// <summary>The same while the API server and the connection to the database misbehave.</summary>
    [Fact]
    public async Task Any_story_ends_as_its_objects_say_on_a_bad_day()
    {
        var suffered = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await EachAsync((steps, seed) => TellOnABadDayAsync(steps, seed, suffered));
        if (Count >= Sample)
            suffered.Count.ShouldBe(BadDay.Kinds, "every kind of trouble came");
        output.WriteLine($"figure: {Count} random stories of {Steps} steps told on a bad day, nothing lost and nothing left: {string.Join(", ", suffered.Select(kind => $"{kind.Value} x {kind.Key}"))}");
    }

    /// <summary>The same where everybody waits for a processor: some races show only there.</summary>
    [Fact]
    public async Task A_few_stories_end_as_their_objects_say_beside_busy_loops()
    {
        var suffered = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await Storytelling.EachAsync(output, BusySample, Story, (steps, seed) => TellOnABadDayAsync(steps, seed, suffered), busy: Environment.ProcessorCount);
        output.WriteLine($"figure: {BusySample} random stories of {Steps} steps told on a bad day beside busy loops, nothing lost and nothing left");
    }

    /// <summary>The same with a second controller that stands by, and leads when the first one is stopped.</summary>
    [Fact]
    public async Task Any_story_ends_as_its_objects_say_when_controllers_take_turns()
    {
        var turns = 0;
        await EachAsync(async (steps, _) =>
        {
            await TellInTurnsAsync(steps);
            turns += steps.Count(step => step is Restart);
        });
        turns.ShouldBePositive();
        output.WriteLine($"figure: {Count} random stories of {Steps} steps told by two controllers in {turns} turns, nothing lost and nothing left");
    }

    private Task EachAsync(Func<IReadOnlyList<IStep>, int, Task> tell) => Storytelling.EachAsync(output, Count, Story, tell);

    private static IReadOnlyList<IStep> Story(int seed)
    {
        var story = new Story(seed);
        return [.. Enumerable.Range(0, Steps).Select(_ => story.Next())];
    }

    private async Task TellAsync(IReadOnlyList<IStep> steps)
    {
        var world = await World.StartAsync(server, Options);
        try
        {
            await HappenAsync(world, steps);
            await EndAsync(world);
        }
        catch
        {
            await world.AbandonAsync();
            throw;
        }
        await world.DisposeAsync();
    }

    private async Task TellInTurnsAsync(IReadOnlyList<IStep> steps)
    {
        var world = await World.StartAsync(server, Options, controller: false);
        try
        {
            var often = TimeSpan.FromMilliseconds(100);
            world.Options = world.Options with { Election = world.Options.Election with { RetryPeriod = often } };
            await world.StartControllerAsync();
            world.StartStandby();
            await HappenAsync(world, steps);
            await world.StopStandbyAsync();
            await EndAsync(world);
        }
        catch
        {
            await world.AbandonAsync();
            throw;
        }
        await world.DisposeAsync();
    }

    private async Task TellOnABadDayAsync(IReadOnlyList<IStep> steps, int seed, SortedDictionary<string, int> suffered)
    {
        var day = new BadDay(seed);
        var world = await World.StartAsync(server, Options, controller: false);
        await using var socket = new FusedSocket(day.Fuse, world.NorthboundServer);
        try
        {
            var direct = world.Options;
            world.Options = direct with { NorthboundAddress = socket.Address };
            world.Intercept = day.Intercept;
            await world.StartControllerAsync(settle: false);
            await HappenAsync(world, steps);
            day.End();
            await EndAsync(world);
        }
        catch
        {
            day.End();
            await world.AbandonAsync();
            throw;
        }
        await world.DisposeAsync();
        foreach (var (kind, times) in day.Suffered)
            suffered[kind] = suffered.GetValueOrDefault(kind) + times;
    }

    private static ControllerOptions Options => new() { ExternalGatewaySwitch = "ext-a" };

    private static async Task HappenAsync(World world, IReadOnlyList<IStep> steps)
    {
        await CreateProvidersAsync(world);
        foreach (var step in steps)
            await step.RunAsync(world);
    }

    private static async Task EndAsync(World world)
    {
        await SettleAsync(world);
        await CheckAsync(world);

        var before = await StatusesAsync(world);
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        var after = await StatusesAsync(world);
        string.Join('\n', after.Except(before, StringComparer.Ordinal)).ShouldBe(string.Join('\n', before.Except(after, StringComparer.Ordinal)), "a restart writes nothing");
        (world.Controller.ApiWrites, world.Controller.Term.Northbound.Operations).ShouldBe((0, 0), $"a restart writes nothing\n{world.Controller.Metrics}");

        await DeleteEverythingAsync(world);
    }

    private static async Task CreateProvidersAsync(World world)
    {
        foreach (var letter in (string[])["a", "b"])
        {
            await world.CreateAsync(SluiceResources.ProviderNetworks, new ProviderNetwork { Metadata = new() { Name = $"pn-{letter}" }, Spec = new() { DefaultInterface = "vlan" } });
            await world.CreateAsync(SluiceResources.Vlans, new Vlan { Metadata = new() { Name = $"vlan-{letter}" }, Spec = new() { Id = 204, Provider = $"pn-{letter}" } });
        }
    }

    /// <summary>Waits until every object speaks of its last spec, or that it is deleted but in use, and there is nothing more to do.</summary>
    private static async Task SettleAsync(World world)
    {
        await SettledAsync(SluiceResources.Subnets, subnet => subnet.Status?.Conditions);
        await SettledAsync(SluiceResources.Vpcs, vpc => vpc.Status?.Conditions);
        await SettledAsync(SluiceResources.OvnEips, eip => eip.Status?.Conditions);
        await SettledAsync(SluiceResources.Vips, vip => vip.Status?.Conditions);
        await SettledAsync(SluiceResources.OvnFips, rule => rule.Status?.Conditions);
        await SettledAsync(SluiceResources.OvnSnatRules, rule => rule.Status?.Conditions);
        await SettledAsync(SluiceResources.OvnDnatRules, rule => rule.Status?.Conditions);
        await Idleness.WaitAsync(world, world.Controller);

        async Task SettledAsync<T>(ResourceType<T> type, Func<T, ValueList<Condition>?> conditionsOf)
            where T : KubeObject
        {
            IReadOnlyList<T> open = [];
            await Eventually.HoldsAsync(
                async () => (open = [.. (await world.Kube.ListAsync(type)).Items.Where(item => !IsSettled(item, conditionsOf(item).Find(ConditionTypes.Ready)))]).Count == 0,
                () => string.Join('\n', open),
                $"all {type.Plural} say what became of them");
        }
    }

    // The status of a Vip is no subresource, so that writing it counts as a new generation: it can not name the one that it speaks of.
    private static bool IsSettled(KubeObject item, Condition? ready) => item.Metadata.IsDeleting
        ? ready?.Reason == "InUse"
        : ready is not null && (item is Vip || ready.ObservedGeneration == item.Metadata.Generation);

    /// <summary>What the objects that users look at say, one in a line.</summary>
    private static async Task<IReadOnlyList<string>> StatusesAsync(World world) =>
    [
        .. (await world.Kube.ListAsync(SluiceResources.Subnets)).Items.Select(subnet => $"{subnet.Metadata.Name}: {subnet.Status}"),
        .. (await world.Kube.ListAsync(SluiceResources.Vpcs)).Items.Select(vpc => $"{vpc.Metadata.Name}: {vpc.Status}"),
        .. (await world.Kube.ListAsync(SluiceResources.OvnEips)).Items.Select(eip => $"{eip.Metadata.Name}: {eip.Status}"),
        .. (await world.Kube.ListAsync(SluiceResources.OvnFips)).Items.Select(rule => $"{rule.Metadata.Name}: {rule.Status}"),
        .. (await world.Kube.ListAsync(SluiceResources.OvnSnatRules)).Items.Select(rule => $"{rule.Metadata.Name}: {rule.Status}"),
        .. (await world.Kube.ListAsync(SluiceResources.OvnDnatRules)).Items.Select(rule => $"{rule.Metadata.Name}: {rule.Status}"),
    ];

    private static bool IsProgrammed(ResourceStatus? status) => status?.Conditions.IsTrue(ConditionTypes.Programmed) == true;

    private static async Task CheckAsync(World world)
    {
        var eips = (await world.Kube.ListAsync(SluiceResources.OvnEips)).Items;
        eips.Select(eip => eip.Status?.V4Ip).Where(address => !string.IsNullOrEmpty(address)).ShouldBeUnique();
        eips.Select(eip => eip.Status?.V6Ip).Where(address => !string.IsNullOrEmpty(address)).ShouldBeUnique();

        // One that was edited into something that cannot be served is not ready, and served by what was accepted before.
        var fips = (await world.Kube.ListAsync(SluiceResources.OvnFips)).Items.Where(rule => IsProgrammed(rule.Status)).ToArray();
        var snats = (await world.Kube.ListAsync(SluiceResources.OvnSnatRules)).Items.Where(rule => IsProgrammed(rule.Status)).ToArray();
        var dnats = (await world.Kube.ListAsync(SluiceResources.OvnDnatRules)).Items.Where(rule => IsProgrammed(rule.Status)).ToArray();
        var nb = world.Northbound.Current;
        nb.All<Nat>().Select(nat => $"{nat.Row.Type} {nat.Row.ExternalIp} {nat.Row.LogicalIp}").Order(StringComparer.Ordinal).ShouldBe(
            fips.SelectMany(rule => Pairs("dnat_and_snat", rule.Status!.V4Eip, rule.Status.V4Ip, rule.Status.V6Eip, rule.Status.V6Ip))
                .Concat(snats.SelectMany(rule => Pairs("snat", rule.Status!.V4Eip, rule.Status.V4IpCidr, rule.Status.V6Eip, rule.Status.V6IpCidr)))
                .Order(StringComparer.Ordinal));
        nb.All<LoadBalancer>().Select(balancer => $"{balancer.Row.Name} {balancer.Row.Protocol}").Order(StringComparer.Ordinal).ShouldBe(
            dnats.Select(rule => $"{rule.Metadata.Name} {rule.Status!.Protocol}").Order(StringComparer.Ordinal));
        fips.Where(rule => rule.Status!.V4Eip is not null).Select(rule => rule.Spec.OvnEip).ShouldBeUnique();
    }

    private static IEnumerable<string> Pairs(string type, string? v4Eip, string? v4, string? v6Eip, string? v6)
    {
        if (!string.IsNullOrEmpty(v4Eip)) yield return $"{type} {v4Eip} {v4}";
        if (!string.IsNullOrEmpty(v6Eip)) yield return $"{type} {v6Eip} {v6}";
    }

    private static async Task DeleteEverythingAsync(World world)
    {
        await DeleteAsync(SluiceResources.Subnets);
        await DeleteAsync(SluiceResources.OvnEips);
        await DeleteAsync(SluiceResources.Vpcs);
        await DeleteAsync(SluiceResources.Vips);
        await DeleteAsync(SluiceResources.Ips);
        await DeleteAsync(SluiceResources.OvnDnatRules);
        await DeleteAsync(SluiceResources.OvnFips);
        await DeleteAsync(SluiceResources.OvnSnatRules);
        await DeleteAsync(CoreResources.Nodes);
        await world.EventuallyOwnsNothingAsync();
        await NoneLeftAsync(SluiceResources.OvnEips);
        await NoneLeftAsync(SluiceResources.Subnets);
        await NoneLeftAsync(SluiceResources.Vpcs);
        await NoneLeftAsync(SluiceResources.Ips);
        await NoneLeftAsync(SluiceResources.Vips);

        async Task DeleteAsync<T>(ResourceType<T> type)
            where T : KubeObject
        {
            foreach (var item in (await world.Kube.ListAsync(type)).Items)
                await world.DeleteAsync(type, item.Metadata.Name);
        }

        async Task NoneLeftAsync<T>(ResourceType<T> type)
            where T : KubeObject
        {
            IReadOnlyList<T> left = [];
            await Eventually.HoldsAsync(
                async () => (left = (await world.Kube.ListAsync(type)).Items).Count == 0, () => string.Join('\n', left), $"no {type.Plural} are left");
        }
    }
}
