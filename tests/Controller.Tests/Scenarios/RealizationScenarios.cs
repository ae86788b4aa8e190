using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>Condition Realized, with a chassis that does as the test says.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class RealizationScenarios(ApiServerFixture server)
{
    private const string Chassis = "chassis-1";
    private const string Port = "vpc1-external204";

    private static readonly ControllerOptions Reporting = new() { ExternalGatewaySwitch = "external204", ReportRealized = true };

    [Fact]
    public async Task A_rule_is_told_of_once_when_its_chassis_has_it()
    {
        await using var world = await World.StartAsync(server, Reporting);
        await ConnectAsync(world);
        await CreateSnatAsync(world, "a", "192.168.0.8/29");
        await CatchUpAsync(world);

        var rule = await world.EventuallyAsync(SluiceResources.OvnSnatRules, "a", rule => rule.Status is not null);
        rule.Status!.Ready.ShouldBe(true);
        rule.Status.Conditions.Find(ConditionTypes.Realized)!.ShouldBe(new Condition
        {
            Type = ConditionTypes.Realized, Status = ConditionStatus.True, Reason = "Realized", ObservedGeneration = rule.Metadata.Generation,
        });
        await world.Controller.SettleAsync();
        world.Controller.StatusWrites("OvnSnatRule").ShouldBe(1);
    }

    [Fact]
    public async Task A_rule_whose_chassis_is_behind_says_which_one_once_and_others_stay_as_they_are()
    {
        await using var world = await World.StartAsync(server, Reporting);
        await ConnectAsync(world);
        await CreateSnatAsync(world, "a", "192.168.0.8/29");
        await CatchUpAsync(world);
        var before = await world.EventuallyAsync(SluiceResources.OvnSnatRules, "a", rule => Is(rule.Status, ConditionStatus.True));

        await CreateSnatAsync(world, "b", "192.168.0.16/29");
        var behind = await world.EventuallyAsync(SluiceResources.OvnSnatRules, "b", rule => Is(rule.Status, ConditionStatus.False));
        behind.Status!.Ready.ShouldBe(true);
        behind.Status.Conditions.Find(ConditionTypes.Realized)!.Message.ShouldBe($"waiting for chassis {Chassis}");
        await world.Controller.SettleAsync();
        (await world.Controller.ResyncAsync(world.Northbound)).ShouldBe((0, 0));
        (await world.Kube.GetAsync(SluiceResources.OvnSnatRules, null, "a")).Metadata.ResourceVersion.ShouldBe(before.Metadata.ResourceVersion);

        await world.StopControllerAsync();
        await world.StartControllerAsync();
        // Longer than it waits before it tells people.
        await Task.Delay(TimeSpan.FromSeconds(4));
        await world.Controller.SettleAsync();
        world.Controller.ApiWrites.ShouldBe(0, "a restart with nothing changed writes nothing");

        await CatchUpAsync(world);
        await world.EventuallyAsync(SluiceResources.OvnSnatRules, "b", rule => Is(rule.Status, ConditionStatus.True));
        // It is counted when the answer is here, which may be after others have seen what was written.
        await world.Controller.SettleAsync();
        world.Controller.ApiWrites.ShouldBe(1);
    }

    [Fact]
    public async Task A_rule_without_an_active_gateway_is_carried_by_nobody_until_there_is_one()
    {
        await using var world = await World.StartAsync(server, Reporting);
        await ConnectAsync(world, active: false);
        await CreateSnatAsync(world, "a", "192.168.0.8/29");

        var nowhere = await world.EventuallyAsync(SluiceResources.OvnSnatRules, "a", rule => Is(rule.Status, ConditionStatus.False));
        nowhere.Status!.Conditions.Find(ConditionTypes.Realized)!.Message.ShouldBe($"no chassis carries router port \"{Port}\"");
        await CatchUpAsync(world);
        await world.MoveGatewayAsync(Port, Chassis);
        await world.EventuallyAsync(SluiceResources.OvnSnatRules, "a", rule => Is(rule.Status, ConditionStatus.True));
    }

    private static async Task ConnectAsync(World world, bool active = true)
    {
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(CoreResources.Nodes, new Node
        {
            Metadata = new()
            {
                Name = "pc-node-1",
                Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = Chassis },
            },
        });
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1" }, Spec = new() { EnableExternal = true } });
        await world.EventuallyAsync(SluiceResources.Vpcs, "vpc1", vpc => vpc.Status is { EnableExternal: true });
        if (active)
            await world.MoveGatewayAsync(Port, Chassis);
        await world.CatchUpAsync(Chassis, 0);
    }

    /// <summary>Creates an EIP and a SNAT rule, and waits until the rule's row is committed.</summary>
    private static async Task CreateSnatAsync(World world, string name, string cidr)
    {
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip(name));
        await world.EventuallyAsync(SluiceResources.OvnEips, name, eip => eip.Status?.Ready == true);
        await world.CreateAsync(SluiceResources.OvnSnatRules, new OvnSnatRule
        {
            Metadata = new() { Name = name },
            Spec = new() { OvnEip = name, Vpc = "vpc1", V4IpCidr = cidr },
        });
        await Eventually.HoldsAsync(() => world.Northbound.Current.All<Ovn.Northbound.Nat>().Any(nat => nat.Row.LogicalIp == cidr));
    }

    private static Task CatchUpAsync(World world) => world.CatchUpAsync(Chassis, world.Northbound.Global.Sequence);

    private static bool Is(OvnSnatRuleStatus? status, string value) => status?.Conditions.Find(ConditionTypes.Realized)?.Status == value;
}
