using System.Net;
using Sluice.Lab.Network;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.Rules;

/// <summary>
/// A lab of three nodes with two public networks: the VPC <c>one</c> joins the first of them, the VPC <c>two</c> joins both.
/// Each has pods on the two nodes that are not its gateway now, so that one sees where a packet was translated.
/// </summary>
public sealed class FormsLab() : FullLab(new LabOptions())
{
    public const string GatewayLabel = "ovn.kubernetes.io/external-gw";
    public const string Web = "one/web", Database = "one/db", Batch = "one/batch", Web2 = "two/web";

    private const string Port = "one-external204";
    private const int SecondVlan = 205;

    private readonly List<Responder> _responders = [];

    /// <summary>The router's address in the second public network, for a peer that needs no route.</summary>
    public static IPAddress SecondGateway { get; } = IPAddress.Parse("10.5.205.254");

    internal Outside Outside => new(Lab);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Lab.External.AddNetworkAsync(SecondVlan, [new InterfaceAddress(SecondGateway, 24)]);
        await ApplyAsync(Manifests.Namespace("one") + Manifests.Namespace("two")
            + Manifests.Of("ProviderNetwork", "external204", "defaultInterface: vlan")
            + Manifests.Of("Vlan", "vlan204", "id: 204, provider: external204")
            + Manifests.Of("Vlan", "vlan205", $"id: {SecondVlan}, provider: external204"));
        await ApplyReadyAsync(
            Manifests.Of("Subnet", "external204",
                "protocol: IPv4, cidrBlock: 10.5.204.0/24, gateway: 10.5.204.254, vlan: vlan204, excludeIps: [10.5.204.1..10.5.204.100]")
            + Manifests.Of("Subnet", "external205", "protocol: IPv4, cidrBlock: 10.5.205.0/24, gateway: 10.5.205.254, vlan: vlan205")
            + Manifests.Of("Vpc", "one", "namespaces: [one], enableExternal: true")
            + Manifests.Of("Subnet", "net1", "protocol: IPv4, cidrBlock: 192.168.1.0/24, vpc: one, namespaces: [one]")
            + Manifests.Of("Vpc", "two", "namespaces: [two], enableExternal: true, extraExternalSubnets: [external205]")
            + Manifests.Of("Subnet", "net2", "protocol: IPv4, cidrBlock: 192.168.2.0/24, vpc: two, namespaces: [two]"));

        var away = await NodesWithoutGatewayAsync(Port);
        await ApplyReadyAsync(Manifests.Pod(Web, away[0]) + Manifests.Pod(Database, away[1]) + Manifests.Pod(Batch, away[1])
            + Manifests.Pod(Web2, (await NodesWithoutGatewayAsync("two-external205"))[0]));
        _responders.Add(await Outside.RespondAsync());
        _responders.Add(await Responder.StartAsync(Lab, LabLayout.External, Outside.Port, SecondGateway));
        foreach (var pod in new[] { Web, Database, Web2 })
            _responders.Add(await Responder.StartAsync(Lab, pod, Outside.Port, AddressOf(pod)));
    }

    public override async Task DisposeAsync()
    {
        foreach (var responder in _responders)
            await responder.DisposeAsync();
        await base.DisposeAsync();
    }

    public IPAddress AddressOf(string pod) => IPAddress.Parse(Lab.SandboxOf(pod)!.Addresses[0]);

    public string NodeOf(string pod) => Lab.SandboxOf(pod)!.Node;

    /// <summary>The node on which the gateway port of a router is now.</summary>
    public async Task<string> GatewayOfAsync(string routerPort)
    {
        var node = "";
        await Eventually.HoldsAsync(async () =>
        {
            var chassis = (await Lab.Sbctl("--bare", "--columns=chassis", "find", "Port_Binding", $"logical_port=cr-{routerPort}").RunAsync()).Trim();
            node = chassis.Length == 0 ? "" : (await Lab.Sbctl("--bare", "--columns=hostname", "list", "Chassis", chassis).RunAsync()).Trim();
            return node.Length > 0;
        }, () => $"{routerPort} is on no node");
        return node;
    }

    /// <summary>
    /// Moves the gateway port of the VPC <c>one</c> to the node that has none of its pods: it stays wherever a test has moved it to. On a
    /// machine that stalls for longer than BFD waits a standby takes it; then it is moved again.
    /// </summary>
    public async Task BringGatewayHomeAsync()
    {
        List<string> away = [.. new[] { Web, Database, Batch }.Select(NodeOf).Distinct()];
        for (var attempt = 0; away.Contains(await GatewayRestsAsync(Port)); attempt++)
        {
            attempt.ShouldBeLessThan(5, $"{Port} does not stay off {string.Join(", ", away)}");
            await MoveFromAsync(away);
        }
    }

    /// <summary>Removes rules, addresses and VIPs; the routers' own addresses stay.</summary>
    public async Task ClearAsync()
    {
        await Lab.Kubectl("delete", "ovn-dnat-rules,ovn-fips,ovn-snat-rules,vips", "--all", "--timeout=60s").RunAsync();
        await Lab.Kubectl("delete", "oeip", "--timeout=60s", "-l", "ovn.kubernetes.io/ovn_eip_type=nat").RunAsync();
    }

    /// <summary>The translations of all routers: type, both addresses, and the pod's port if it is translated at the pod's node.</summary>
    public async Task<IReadOnlyList<string>> NatAsync() =>
    [
        .. (await Lab.Nbctl("--format=csv", "--no-headings", "--data=bare", "--columns=type,external_ip,logical_ip,logical_port,external_mac", "list", "NAT").RunAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
    ];

    /// <summary>Of two new standbys the first takes the port when it sees the second before it sees the gateway: they come one after the other.</summary>
    private async Task MoveFromAsync(IReadOnlyList<string> nodes)
    {
        foreach (var node in nodes)
            await Lab.Kubectl("label", "--overwrite", "node", node, $"{GatewayLabel}=false").RunAsync();
        await Eventually.HoldsAsync(async () => !nodes.Contains(await GatewayOfAsync(Port)), () => $"{Port} does not leave {string.Join(", ", nodes)}");
        foreach (var node in nodes)
        {
            await Lab.Kubectl("label", "--overwrite", "node", node, $"{GatewayLabel}=true").RunAsync();
            await SeesAsync(node, await GatewayOfAsync(Port));
        }
    }

    /// <summary>Waits until BFD is up in the tunnel of one node to another.</summary>
    private async Task SeesAsync(string node, string other)
    {
        if (node == other)
            return;
        var (switches, tunnel) = (Lab.Node(node).Ovs, $"options:remote_ip=\"{Lab.Node(other).Addresses[0].Address}\"");
        await Eventually.HoldsAsync(
            async () => (await switches.Vsctl("--bare", "--columns=name", "find", "Interface", tunnel, "bfd_status:state=up").RunAsync()).Trim().Length > 0,
            () => $"{node} does not see {other}");
    }

    private async Task<string[]> NodesWithoutGatewayAsync(string routerPort)
    {
        var gateway = await GatewayRestsAsync(routerPort);
        return [.. Lab.Nodes.Select(node => node.Name).Where(node => node != gateway)];
    }

    // At the start, whichever node is first carries the port, until one that is preferred sees it or the controller prefers the one that has it.
    private async Task<string> GatewayRestsAsync(string routerPort)
    {
        var (gateway, seen) = ("", 0);
        await Eventually.HoldsAsync(async () =>
        {
            var before = gateway;
            gateway = await GatewayOfAsync(routerPort);
            seen = gateway == before && await PreferredAsync(routerPort) == gateway ? seen + 1 : 0;
            return seen >= 10;
        }, () => $"{routerPort} does not come to rest, it is on {gateway}");
        return gateway;
    }

    private async Task<string> PreferredAsync(string routerPort)
    {
        var ports = (await Lab.Nbctl("lrp-get-gateway-chassis", routerPort).RunAsync()).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var chassis = ports[0][(routerPort.Length + 1)..];
        return (await Lab.Sbctl("--bare", "--columns=hostname", "find", "Chassis", $"name={chassis}").RunAsync()).Trim();
    }
}

[CollectionDefinition(Name)]
public sealed class FormsLabCollection : ICollectionFixture<FormsLab>
{
    public const string Name = "forms lab";
}
