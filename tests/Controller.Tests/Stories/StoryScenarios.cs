using System.Globalization;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// Whatever users did, in whichever order and however often the controller was restarted meanwhile: in the end the database is what the
/// objects say, every object says what became of it, and when all is deleted nothing is left. <c>SLUICE_STORIES</c> is the number of
/// stories, <c>SLUICE_STORY</c> the seed of the first, which replays one that failed.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class StoryScenarios(ApiServerFixture server, ITestOutputHelper output)
{
    private const int Steps = 60;

    [Fact]
    public async Task Any_story_ends_as_its_objects_say()
    {
        var first = Setting("SLUICE_STORY", 1);
        var count = Setting("SLUICE_STORIES", 6);
        for (var seed = first; seed < first + count; seed++)
        {
            var told = new List<string>();
            var world = await World.StartAsync(server, new() { ExternalGatewaySwitch = "ext-a" });
            try
            {
                await TellAsync(world, new Story(seed), told);
            }
            catch (Exception e)
            {
                await world.AbandonAsync();
                throw new InvalidOperationException($"Story {seed} went wrong after {told.Count} steps:\n{string.Join('\n', told)}", e);
            }
            await world.DisposeAsync();
        }

        output.WriteLine($"figure: {count} random stories of {Steps} steps told, nothing lost and nothing left");
    }

    private static async Task TellAsync(World world, Story story, List<string> told)
    {
        await CreateProvidersAsync(world);
        for (var i = 0; i < Steps; i++)
        {
            var step = story.Next();
            told.Add(step.ToString()!);
            await step.RunAsync(world);
        }

        await SettleAsync(world);
        await CheckAsync(world);

        var before = await StatusesAsync(world);
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        var after = await StatusesAsync(world);
        string.Join('\n', after.Except(before, StringComparer.Ordinal)).ShouldBe(string.Join('\n', before.Except(after, StringComparer.Ordinal)), "a restart writes nothing");
        (world.Controller.ApiWrites, world.Controller.Term.Northbound.Operations).ShouldBe((0, 0), $"a restart writes nothing\n{world.Controller.Metrics}");

        told.Add("delete everything");
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
        await world.Controller.SettleAsync();

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

    private static async Task CheckAsync(World world)
    {
        var eips = (await world.Kube.ListAsync(SluiceResources.OvnEips)).Items;
        eips.Select(eip => eip.Status?.V4Ip).Where(address => !string.IsNullOrEmpty(address)).ShouldBeUnique();
        eips.Select(eip => eip.Status?.V6Ip).Where(address => !string.IsNullOrEmpty(address)).ShouldBeUnique();

        var fips = (await world.Kube.ListAsync(SluiceResources.OvnFips)).Items.Where(rule => rule.Status?.Ready == true).ToArray();
        var snats = (await world.Kube.ListAsync(SluiceResources.OvnSnatRules)).Items.Where(rule => rule.Status?.Ready == true).ToArray();
        var dnats = (await world.Kube.ListAsync(SluiceResources.OvnDnatRules)).Items.Where(rule => rule.Status?.Ready == true).ToArray();
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

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
