using System.Net;
using Sluice.Lab.Network;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.DualStack;

/// <summary>
/// A lab with both address families, and three VPCs: <c>both</c> has them in its subnet and in its public network, <c>six</c> has
/// IPv6 alone in its subnet, and <c>wide</c> also joins a public network of IPv6 alone.
/// </summary>
public sealed class DualStackLab() : FullLab(new LabOptions { Nodes = 2, DualStack = true })
{
    public const string Web = "both/web", Database = "both/db", Six = "six/web", Wide = "wide/web";

    private const int Vlan6 = 206;

    private static readonly string[] Pods = [Web, Database, Six, Wide];

    private readonly List<Responder> _responders = [];

    internal Outside Outside => new(Lab);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Lab.External.AddNetworkAsync(Vlan6, [InterfaceAddress.Parse("fd00:5:206::fe/64")]);
        await ApplyAsync(string.Concat(Pods.Select(pod => Manifests.Namespace(pod.Split('/')[0])).Distinct())
            + Manifests.Of("ProviderNetwork", "external204", "defaultInterface: vlan")
            + Manifests.Of("Vlan", "vlan204", "id: 204, provider: external204")
            + Manifests.Of("Vlan", "vlan206", $"id: {Vlan6}, provider: external204"));
        await ApplyReadyAsync(
            Manifests.Of("Subnet", "external204", """
                protocol: Dual, cidrBlock: "10.5.204.0/24,fd00:5:204::/64", gateway: "10.5.204.254,fd00:5:204::fe", vlan: vlan204,
                excludeIps: ["10.5.204.1..10.5.204.100", "fd00:5:204::1..fd00:5:204::ff"]
                """)
            + Manifests.Of("Subnet", "external206", """protocol: IPv6, cidrBlock: "fd00:5:206::/64", gateway: "fd00:5:206::fe", vlan: vlan206""")
            + Manifests.Of("Vpc", "both", "namespaces: [both], enableExternal: true")
            + Manifests.Of("Subnet", "both-net", """protocol: Dual, cidrBlock: "192.168.0.0/24,fd00:192:168::/64", vpc: both, namespaces: [both]""")
            + Manifests.Of("Vpc", "six", "namespaces: [six], enableExternal: true")
            + Manifests.Of("Subnet", "six-net", """protocol: IPv6, cidrBlock: "fd00:192:6::/64", vpc: six, namespaces: [six]""")
            + Manifests.Of("Vpc", "wide", """
                namespaces: [wide], enableExternal: true, extraExternalSubnets: [external206],
                staticRoutes: [{cidr: "fd00:192:7::/64", nextHopIP: "fd00:5:206::fe", policy: policySrc}]
                """)
            + Manifests.Of("Subnet", "wide-net", """protocol: IPv6, cidrBlock: "fd00:192:7::/64", vpc: wide, namespaces: [wide]"""));
        await ApplyReadyAsync(string.Concat(Pods.Select((pod, index) => Manifests.Pod(pod, LabLayout.NodeName(1 + index % 2)))));

        _responders.Add(await Outside.RespondAsync());
        foreach (var pod in Pods)
            _responders.Add(await Responder.StartAsync(Lab, pod, Outside.Port, Lab.SandboxOf(pod)!.Addresses.Select(IPAddress.Parse)));
    }

    public override async Task DisposeAsync()
    {
        foreach (var responder in _responders)
            await responder.DisposeAsync();
        await base.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class DualStackLabCollection : ICollectionFixture<DualStackLab>
{
    public const string Name = "dual stack lab";
}
