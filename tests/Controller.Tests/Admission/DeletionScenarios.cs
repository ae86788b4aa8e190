using System.Diagnostics;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Admission;

/// <summary>Nothing gets stuck because of the webhook.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class DeletionScenarios(ReviewedWorld world, ITestOutputHelper output) : IClassFixture<ReviewedWorld>
{
    [Fact]
    public async Task Everything_can_be_deleted_one_after_the_other_without_waiting_for_caches()
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            await world.Kube.CreateAsync(SluiceResources.OvnEips, Objects.Eip($"x{i}"));
            await world.Kube.CreateAsync(SluiceResources.OvnFips, ReviewedWorld.Fip($"y{i}", $"x{i}"));
            await world.Kube.DeleteAsync(SluiceResources.OvnFips, null, $"y{i}");
            var started = Stopwatch.GetTimestamp();
            (await world.DeletionAsync(SluiceResources.OvnEips, $"x{i}")).ShouldBeEmpty();
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }
        output.WriteLine($"figure: longest deletion that the webhook reviewed: {longest.TotalMilliseconds:F1} ms");

        await GoneAsync(SluiceResources.OvnFips, "f1");
        await GoneAsync(SluiceResources.OvnEips, "e1");
        await GoneAsync(SluiceResources.Vips, "p1");
        for (var i = 0; i < 20; i++) await world.EventuallyGoneAsync(SluiceResources.OvnEips, $"x{i}");
        await GoneAsync(SluiceResources.Subnets, "s1");
        await GoneAsync(SluiceResources.Vpcs, "v1");
        await GoneAsync(SluiceResources.Subnets, "external204");
        await GoneAsync(SluiceResources.Vlans, "vlan204");
        await GoneAsync(SluiceResources.ProviderNetworks, "external204");
    }

    private async Task GoneAsync<T>(ResourceType<T> type, string name)
        where T : KubeObject
    {
        (await world.DeletionAsync(type, name)).ShouldBeEmpty();
        await world.EventuallyGoneAsync(type, name);
    }
}
