using Sluice.Api;
using Sluice.Controller.Tests.Support;

namespace Sluice.Controller.Tests.Scenarios;

[Collection(ScenarioCollection.Name)]
public sealed class EipScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task The_lowest_address_is_given_first_and_a_restart_writes_nothing()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();

        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip-a"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "eip-a", eip => eip.Status?.Ready == true);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip-b", subnet: null));
        var second = await world.EventuallyAsync(SluiceResources.OvnEips, "eip-b", eip => eip.Status?.Ready == true);

        second.Status!.V4Ip.ShouldBe("10.5.204.102");
        second.Status.Type.ShouldBe("nat");
        second.Status.Use.ShouldBe("nat");
        second.Status.Nat.ShouldBe("");
        second.Status.Conditions.IsTrue(ConditionTypes.Ready).ShouldBeTrue();
        second.Metadata.Finalizers.ShouldBe([Names.Finalizer]);
        second.Metadata.Labels.ShouldBe(new Dictionary<string, string>
        {
            [Names.Labels.Subnet] = "external204",
            [Names.Labels.OvnEipType] = "nat",
            [Names.Labels.EipV4Ip] = "10.5.204.102",
            [Names.Labels.EipV6Ip] = "",
        }, ignoreOrder: true);
        second.Spec.ShouldBe(Objects.Eip("", subnet: null).Spec, "the spec is the user's");

        await world.Controller.SettleAsync();
        var subnet = await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status?.V4UsingIPs == 2);
        subnet.Status!.V4AvailableIPs.ShouldBe(151);
        subnet.Status.V4UsingIPRange.ShouldBe("10.5.204.101-10.5.204.102");

        await Idleness.WaitAsync(world, world.Controller);
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        world.Controller.ApiWrites.ShouldBe(0);
        world.Controller.Term.Northbound.Operations.ShouldBe(0);
    }

    [Fact]
    public async Task An_address_stays_in_its_subnet_whatever_the_spec_says_later()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("eip"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "eip", eip => eip.Status?.Ready == true);

        await server.KubectlAsync("patch", "oeip", "eip", "--type=merge", "-p", """{"spec":{"externalSubnet":"elsewhere"}}""");

        var told = await world.EventuallyAsync(SluiceResources.OvnEips, "eip", eip => eip.Status!.Conditions.Find(ConditionTypes.Validated) is not null);
        (told.Status!.Ready, told.Status.V4Ip, told.Metadata.Labels![Names.Labels.Subnet]).ShouldBe((true, "10.5.204.101", "external204"));
        told.Status.Conditions.Find(ConditionTypes.Validated)!.Message.ShouldBe(
            "spec.externalSubnet: can not become \"elsewhere\" while there is an address from Subnet \"external204\"");
    }

    [Fact]
    public async Task An_address_that_is_asked_for_is_given_to_the_first_who_asks()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();

        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("first", "10.5.204.7"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "first", eip => eip.Status?.V4Ip == "10.5.204.7");
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("second", "10.5.204.7"));
        var refused = await world.EventuallyAsync(SluiceResources.OvnEips, "second", eip => eip.Status?.Conditions is { Count: > 0 });
        var ready = refused.Status!.Conditions.Find(ConditionTypes.Ready)!;
        (ready.Status, ready.Reason, ready.Message).ShouldBe(
            (ConditionStatus.False, "Conflict", "spec.v4Ip: 10.5.204.7 is taken by OvnEip/first"));
        refused.Status.Ready.ShouldBe(false);

        await world.DeleteAsync(SluiceResources.OvnEips, "first");
        await world.EventuallyAsync(SluiceResources.OvnEips, "second", eip => eip.Status is { Ready: true, V4Ip: "10.5.204.7" });
    }

    [Fact]
    public async Task Many_at_once_get_an_address_each_even_when_the_controller_restarts_meanwhile()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();

        var creating = Parallel.ForEachAsync(Enumerable.Range(0, 100), async (i, _) =>
            await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip($"eip-{i:000}")));
        await world.StopControllerAsync();
        await world.StartControllerAsync();
        await creating;
        for (var i = 0; i < 100; i++)
            await world.EventuallyAsync(SluiceResources.OvnEips, $"eip-{i:000}", eip => eip.Status?.Ready == true);

        var eips = (await world.Kube.ListAsync(SluiceResources.OvnEips)).Items;
        eips.Select(eip => eip.Status!.V4Ip).ShouldBe(Enumerable.Range(101, 100).Select(i => $"10.5.204.{i}"), ignoreOrder: true);
        eips.Select(eip => eip.Status!.MacAddress).Distinct().Count().ShouldBe(100);
    }
}
