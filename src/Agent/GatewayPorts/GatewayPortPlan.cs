using System.Collections.Immutable;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Ovsdb;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.GatewayPorts;

/// <summary>
/// What to do for the node's own port in an external network: an internal interface of br-int in a namespace of its own, which forwards
/// what routers send to it. Routers that spread their traffic over several nodes have these ports as next hops.
/// </summary>
internal sealed record GatewayPortPlan
{
    /// <summary>The interface; Kube-OVN's name.</summary>
    public const string LinkName = "ovnext0";

    /// <summary>The alias of the loopback interface in a namespace that an agent made.</summary>
    public const string NamespaceMark = "sluice-agent:gateway-port";

    /// <summary>Whether there shall be a port at all.</summary>
    public bool IsWanted { get; init; }

    public ImmutableArray<Operation> Operations { get; init; } = [];

    /// <summary>
    /// Whether the interface exists, but in a namespace that nobody finds: it lost its name. It goes before another can be made, and what
    /// else lives there is of no use.
    /// </summary>
    public bool RemoveLost { get; init; }

    public bool CreateNamespace { get; init; }

    /// <summary>What ovs-vswitchd left behind when it was restarted: a dead interface in the namespace keeps the new one out.</summary>
    public bool RemoveDeadLink { get; init; }

    /// <summary>The interface to move into the namespace.</summary>
    public LinkEntry? Move { get; init; }

    public ImmutableArray<IpFamily> SetForwarding { get; init; } = [];

    /// <summary>What to change of the interface once it is in the namespace.</summary>
    public LinkChange Change { get; init; } = LinkChange.None;

    public ImmutableArray<IpAddress> SetGateways { get; init; } = [];

    /// <summary>The sessions of the BFD speaker: our address and that of the router, per router and family.</summary>
    public ImmutableArray<(IpAddress Local, IpAddress Router)> Sessions { get; init; } = [];

    /// <summary>Why there is no port although there should be one; null otherwise.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether nothing is left to do before the port forwards.</summary>
    public bool IsInPlace { get; init; }

    public bool ChangesInside => !SetForwarding.IsEmpty || !Change.IsEmpty || !SetGateways.IsEmpty;

    public static GatewayPortPlan For(GatewayPortInput input)
    {
        if (input.Eip is not { Metadata.IsDeleting: false, Spec.Type: EipTypes.Lsp } eip)
            return new() { Operations = [.. Remove(input.Ovs)] };
        if (input.Ovs.IntegrationBridge is not { } bridge)
            return new() { IsWanted = true, Problem = "there is no bridge br-int" };
        if (!MacAddress.TryParse(eip.Status?.MacAddress, out var mac) || AddressesOf(eip) is not { IsEmpty: false } addresses)
            return new() { IsWanted = true, Problem = $"OvnEip {eip.Metadata.Name} has no address yet" };
        if (input.Subnet is not { } subnet || !SubnetAddresses.TryRead(subnet.Spec, out var network, out _))
            return new() { IsWanted = true, Problem = $"the Subnet of OvnEip {eip.Metadata.Name} does not exist" };
        if (IsLost(input))
            return new() { IsWanted = true, RemoveLost = true, Operations = [.. Remove(input.Ovs)] };

        var plan = new GatewayPortPlan
        {
            IsWanted = true,
            Operations = [.. Port(input, bridge, eip.Metadata.Name, addresses)],
            CreateNamespace = input.Inside is null,
            RemoveDeadLink = input.HostLink is not null && input.Inside?.Link is not null,
            Move = input.HostLink,
            Sessions = [.. SessionsOf(input.RouterEips, addresses)],
        };
        return plan.WithInside(input, addresses, network, mac);
    }

    private static bool IsLost(GatewayPortInput input) =>
        input.Ovs.Interface(LinkName) is { IsOurs: true, OpenFlowPort: > 0 } && input.HostLink is null && input.Inside?.Link is null;

    private static IEnumerable<Operation> Remove(OvsSnapshot ovs) =>
        ovs.Port(LinkName) is { } port && ovs.Interface(LinkName) is { IsOurs: true } && ovs.BridgeOf(port) is { } bridge
            ? [OvsOperations.RemovePort(bridge, port)]
            : [];

    private static IEnumerable<Operation> Port(GatewayPortInput input, OvsBridge bridge, string eip, DualStack<IpAddress> addresses)
    {
        (string Key, string Value)[] ids = [(OvsIds.Vendor, OvsIds.KubeOvn), (OvsIds.IfaceId, eip), (OvsIds.Ip, addresses.ToString())];
        return input.Ovs.Interface(LinkName) is { } present
            ? ids.SelectMany(id => OvsOperations.SetKey(present.Row, "external_ids", id.Key, id.Value))
            : OvsOperations.AddPort(bridge, new OvsOperations.NewPort(LinkName, "internal", OvsOperations.Map(ids)));
    }

    private GatewayPortPlan WithInside(GatewayPortInput input, DualStack<IpAddress> addresses, SubnetAddresses network, MacAddress mac)
    {
        // An interface that is moved comes without addresses, and down.
        var link = input.HostLink ?? input.Inside?.Link;
        if (link is null)
            return this;
        var inside = input.HostLink is null ? input.Inside! : new GatewayNamespace(link, [], [], new HashSet<IpFamily>(), IsOurs: true);
        var wanted = addresses.ToArray()
            .Where(address => network.Cidrs[address.Family] is not null)
            .Select(address => (address, network.Cidrs[address.Family]!.Value.PrefixLength)).ToList();
        var gateways = wanted.Select(address => network.Gateways[address.address.Family]).OfType<IpAddress>();
        var change = LinkChange.For(link, inside.Addresses, mac, input.Mtu, wanted);
        var plan = this with
        {
            SetForwarding = [.. wanted.Select(address => address.address.Family).Except(inside.Forwards)],
            Change = change with { SetUp = change.SetUp || input.HostLink is not null },
            // With an address the kernel takes the routes away that it made possible.
            SetGateways = [.. change.RemoveAddresses.IsEmpty ? gateways.Except(inside.DefaultGateways) : gateways],
        };
        return plan with { IsInPlace = plan is { Move: null, ChangesInside: false } };
    }

    private static IEnumerable<(IpAddress Local, IpAddress Router)> SessionsOf(IEnumerable<OvnEip> routers, DualStack<IpAddress> addresses) =>
        from router in routers
        from address in AddressesOf(router).ToArray()
        let local = addresses[address.Family]
        where local is not null
        orderby address.Family, address
        select (local.Value, address);

    private static DualStack<IpAddress> AddressesOf(OvnEip eip) => new(
        IpAddress.TryParse(eip.Status?.V4Ip, out var v4) ? v4 : null,
        IpAddress.TryParse(eip.Status?.V6Ip, out var v6) ? v6 : null);
}
