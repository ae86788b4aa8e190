using Sluice.Lab.Network;

namespace Sluice.Lab.Tests.Behaviour;

/// <summary>The walkthrough's shape with no name, number or address of it, and room for many.</summary>
public sealed class OtherNamesLab() : FullLab(new LabOptions { Nodes = 2, ControllerArguments = ["--external-gateway-switch=public", "--external-gateway-vlanid=300"] })
{
    private const int Vlan = 300;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Lab.External.AddNetworkAsync(Vlan, [InterfaceAddress.Parse("172.30.255.254/16")]);
        await ApplyAsync(
            Manifests.Of("ProviderNetwork", "dc-west", "defaultInterface: vlan")
            + Manifests.Of("Vlan", "v300", $"id: {Vlan}, provider: dc-west")
            + Manifests.Of("Subnet", "public", "protocol: IPv4, cidrBlock: 172.30.0.0/16, gateway: 172.30.255.254, vlan: v300")
            + Manifests.Namespace("team")
            + Manifests.Of("Vpc", "blue", "namespaces: [team], enableExternal: true")
            + Manifests.Of("Subnet", "blue-web", "protocol: IPv4, cidrBlock: 10.99.0.0/20, vpc: blue, namespaces: [team]"));
        await WaitReadyAsync("subnet/public", "vpc/blue", "subnet/blue-web");
    }
}

[CollectionDefinition(Name)]
public sealed class OtherNamesLabCollection : ICollectionFixture<OtherNamesLab>
{
    public const string Name = "other names lab";
}
