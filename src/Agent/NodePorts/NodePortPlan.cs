using System.Collections.Immutable;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Ovsdb;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.NodePorts;

/// <summary>What to do for the node's own port: an internal interface of br-int with the addresses that the controller gave the node.</summary>
internal sealed record NodePortPlan
{
    /// <summary>The interface.</summary>
    public const string LinkName = "ovn0";

    public ImmutableArray<Operation> Operations { get; init; } = [];

    /// <summary>What to change of the interface.</summary>
    public LinkChange Change { get; init; } = LinkChange.None;

    public ImmutableArray<NodeRoute> AddRoutes { get; init; } = [];

    public ImmutableArray<NodeRoute> RemoveRoutes { get; init; } = [];

    /// <summary>What should answer once all is in place: the node's address and its gateway, per family.</summary>
    public ImmutableArray<(IpAddress Address, IpAddress Gateway)> Gateways { get; init; } = [];

    /// <summary>Why nothing can be done; null otherwise.</summary>
    public string? Error { get; init; }

    public bool ChangesLink => !Change.IsEmpty || !AddRoutes.IsEmpty || !RemoveRoutes.IsEmpty;

    /// <summary>The next steps; null while the controller has not given the node a port, or br-int does not exist.</summary>
    public static NodePortPlan? For(NodePortInput input)
    {
        var keys = PodAnnotations.Default;
        var metadata = input.Node.Metadata;
        if (metadata.Annotation(keys.Allocated) != "true" || input.Ovs.IntegrationBridge is not { } bridge)
            return null;
        if (!DualStack<IpAddress>.TryParse(metadata.Annotation(keys.IpAddress), out var addresses) || addresses.IsEmpty)
            return Malformed(keys.IpAddress);
        if (!DualStack<Cidr>.TryParse(metadata.Annotation(keys.Cidr), out var cidrs) || addresses.ToArray().Any(address => cidrs[address.Family] is null))
            return Malformed(keys.Cidr);
        if (!DualStack<IpAddress>.TryParse(metadata.Annotation(keys.Gateway), out var gateways))
            return Malformed(keys.Gateway);
        if (!MacAddress.TryParse(metadata.Annotation(keys.MacAddress), out var mac))
            return Malformed(keys.MacAddress);

        var plan = new NodePortPlan
        {
            Operations = [.. Port(input, bridge, addresses, mac)],
            Gateways = [.. addresses.ToArray().Where(address => gateways[address.Family] is not null).Select(address => (address, gateways[address.Family]!.Value))],
        };
        return input.Link is { } link ? plan.WithLink(input, link, addresses, cidrs, gateways, mac) : plan;
    }

    private static NodePortPlan Malformed(string key) => new() { Error = $"annotation {key} of the node is missing or malformed" };

    private static IEnumerable<Operation> Port(NodePortInput input, OvsBridge bridge, DualStack<IpAddress> addresses, MacAddress mac)
    {
        (string Key, string Value)[] ids =
            [(OvsIds.Vendor, OvsIds.KubeOvn), (OvsIds.IfaceId, Names.NodePort(input.Node.Metadata.Name)), (OvsIds.Ip, addresses.ToString())];
        if (input.Ovs.Interface(LinkName) is not { } present)
            return OvsOperations.AddPort(bridge, new OvsOperations.NewPort(LinkName, "internal", OvsOperations.Map(ids)) { Mac = mac.ToString(), Mtu = input.Mtu });
        return
        [
            .. ids.SelectMany(id => OvsOperations.SetKey(present.Row, "external_ids", id.Key, id.Value)),
            .. OvsOperations.SetColumn(present.Row, "mac", Value.Of(mac.ToString())),
            .. OvsOperations.SetColumn(present.Row, "mtu_request", Value.Of((long)input.Mtu)),
        ];
    }

    private NodePortPlan WithLink(
        NodePortInput input, LinkEntry link, DualStack<IpAddress> addresses, DualStack<Cidr> cidrs, DualStack<IpAddress> gateways, MacAddress mac)
    {
        var wantedAddresses = addresses.ToArray().Select(address => (address, cidrs[address.Family]!.Value.PrefixLength)).ToList();
        var wantedRoutes = (
            from cidr in input.OverlayCidrs.Distinct()
            let gateway = gateways[cidr.Family]
            where gateway is not null && !addresses.ToArray().Any(address => cidr == new Cidr(address, cidrs[address.Family]!.Value.PrefixLength))
            select new NodeRoute(cidr, gateway, FirstOf(input.SourceAddresses, cidr.Family))).ToList();
        return this with
        {
            Change = LinkChange.For(link, input.Addresses, mac, mtu: null, wantedAddresses),
            AddRoutes = [.. wantedRoutes.Except(input.Routes)],
            RemoveRoutes = [.. input.Routes.Where(route => !wantedRoutes.Exists(wanted => wanted.Destination == route.Destination))],
        };
    }

    private static IpAddress? FirstOf(IEnumerable<IpAddress> addresses, IpFamily family) =>
        addresses.Where(address => address.Family == family).Select(address => (IpAddress?)address).FirstOrDefault();
}
