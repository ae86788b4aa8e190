using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>What is in use is deleted: it stays until it is not.</summary>
internal static class Deletions
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of(SluiceResources.ProviderNetworks, "pn-a"), Of(SluiceResources.ProviderNetworks, "pn-b"),
        Of(SluiceResources.Vlans, "vlan-a"), Of(SluiceResources.Vlans, "vlan-b"),
        Of(SluiceResources.Subnets, "ext-a"), Of(SluiceResources.Subnets, "ext-b"),
        Of(SluiceResources.Subnets, "in-1"), Of(SluiceResources.Subnets, "in-2"),
        Of(SluiceResources.Vpcs, "v1"), Of(SluiceResources.Vpcs, "v2"),
        Of(SluiceResources.OvnEips, "e1"), Of(SluiceResources.OvnEips, "e3"), Of(SluiceResources.OvnEips, "v1-ext-a"),
        Of(SluiceResources.Vips, "a"), Of(SluiceResources.Ips, "r1.team"), Of(SluiceResources.Ips, "p1.team"),
    ];

    private static Slip Of<T>(ResourceType<T> type, string name)
        where T : KubeObject => new("deletion", $"{type.Plural}/{name}", new Delete<T>(type, name, IsInUse: true), null);
}
