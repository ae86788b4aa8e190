using Sluice.Api;

namespace Sluice.Controller.Tests.Support;

internal static class WorldExtensions
{
    /// <summary>Provider network, Vlan and external subnet of the walkthrough.</summary>
    public static async Task CreateExternalNetworkAsync(this World world)
    {
        await world.CreateAsync(SluiceResources.ProviderNetworks, Objects.ProviderNetwork);
        await world.CreateAsync(SluiceResources.Vlans, Objects.Vlan);
        await world.CreateAsync(SluiceResources.Subnets, Objects.ExternalSubnet);
        await world.EventuallyAsync(SluiceResources.Subnets, "external204", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
    }
}
