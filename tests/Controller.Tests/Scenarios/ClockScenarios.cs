using Sluice.Api;
using Sluice.Controller.Tests.CrashPoints;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>
/// Somebody sets the clock of a machine. Leases are timed by how long they were seen, not by what is written in them, so that nobody loses
/// one by it, or takes it from another.
/// </summary>
[Collection(ScenarioCollection.Name)]
public sealed class ClockScenarios(ApiServerFixture server)
{
    /// <summary>As many as fit into the time after which a lease that is not renewed is lost.</summary>
    private const int Renewals = 10;

    public static TheoryData<string, int> Jumps => new() { { "leader", 30 }, { "leader", -30 }, { "standby", 30 }, { "standby", -30 } };

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task A_clock_that_jumps_changes_nothing(string whose, int days)
    {
        await using var world = await World.StartAsync(server, controller: false);
        var clocks = new Dictionary<string, ShiftedClock> { ["leader"] = new(), ["standby"] = new() };
        world.Options = world.Options with
        {
            Election = world.Options.Election with
            {
                LeaseDuration = TimeSpan.FromSeconds(3),
                RenewDeadline = TimeSpan.FromSeconds(2),
                RetryPeriod = TimeSpan.FromMilliseconds(300),
            },
        };
        world.Time = clocks["leader"];
        await world.StartControllerAsync();
        world.Time = clocks["standby"];
        world.StartStandby();
        await CrashStories.CreateNetworkAsync(world);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e1"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "e1", "p1.default"));
        await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status?.Ready == true);
        await Idleness.WaitAsync(world, world.Controller);
        var before = await Picture.TakeAsync(world);
        var lease = await LeaseAsync(world);

        clocks[whose].Shift = TimeSpan.FromDays(days);
        for (var renewal = 0; renewal < Renewals; renewal++)
        {
            var seen = (await LeaseAsync(world)).Metadata.ResourceVersion;
            await Eventually.HoldsAsync(async () => (await LeaseAsync(world)).Metadata.ResourceVersion != seen, () => seen ?? "", "the lease is renewed");
        }

        var after = await LeaseAsync(world);
        after.Spec.HolderIdentity.ShouldBe(lease.Spec.HolderIdentity);
        after.Spec.LeaseTransitions.ShouldBe(lease.Spec.LeaseTransitions);
        (await Picture.TakeAsync(world)).ShouldBe(before);
        (await world.Controller.ResyncAsync(world.Northbound)).ShouldBe((0, 0));

        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e2"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "e2", eip => eip.Status?.Ready == true);
        await world.RestartControllerAsync();
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e3"));
        await world.EventuallyAsync(SluiceResources.OvnEips, "e3", eip => eip.Status?.Ready == true);
    }

    private static Task<Lease> LeaseAsync(World world) => world.Kube.GetAsync(CoreResources.Leases, "kube-system", "kube-ovn-controller");
}
