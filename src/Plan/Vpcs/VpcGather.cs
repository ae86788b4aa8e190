using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>Looks up what the plan of a VPC depends on. Everything is at hand: nothing here waits.</summary>
public interface IVpcObjects
{
    VpcSettings Settings { get; }

    IEnumerable<GatewayNode> GatewayNodes { get; }

    /// <summary>The provider network of an external subnet, there or not; null when it is not known or does not exist.</summary>
    ProviderNetwork? NetworkOf(string externalSubnet);

    Vpc? FindVpc(string name);

    Subnet? FindSubnet(string name);

    OvnEip? FindEip(string name);

    /// <summary>The subnets that belong to a VPC, see <see cref="SubnetPorts.VpcOf"/>.</summary>
    IEnumerable<Subnet> SubnetsOf(string vpc);

    /// <summary>The OvnEips of type lrp whose name says that they are this VPC's.</summary>
    IEnumerable<OvnEip> RouterEipsOf(string vpc);

    /// <summary>The OvnEips of type lsp whose addresses are from a subnet.</summary>
    IEnumerable<OvnEip> NodeEipsIn(string subnet);

    /// <summary>See <see cref="SubnetPorts.InheritedMac"/>.</summary>
    MacAddress? InheritedMac(string routerPort);

    /// <summary>Name of the chassis that carries a router port now; null when nobody knows.</summary>
    string? ActiveChassis(string routerPort);

    /// <summary>The chassis that a router port of a VPC may be on, the preferred one first, as they were last written.</summary>
    IEnumerable<string> GatewayChassis(string vpc, string routerPort);

    /// <summary>The BFD sessions of a VPC's router.</summary>
    IEnumerable<BfdSession> BfdSessionsOf(string vpc);

    /// <summary>The addresses at the other ends of the BFD sessions of a router port that the chassis know of.</summary>
    IEnumerable<string> RunningBfd(string routerPort);

    /// <summary>See <see cref="VpcInput.Fips"/>.</summary>
    ImmutableArray<RuleInput<OvnFip>> FipsOf(string vpc);

    /// <summary>See <see cref="VpcInput.SnatRules"/>.</summary>
    ImmutableArray<RuleInput<OvnSnatRule>> SnatRulesOf(string vpc);

    /// <summary>See <see cref="VpcInput.DnatRules"/>.</summary>
    ImmutableArray<RuleInput<OvnDnatRule>> DnatRulesOf(string vpc);

    /// <summary>The pods with addresses that ask for public ones by annotation, wherever they are.</summary>
    IEnumerable<AnnotatedPod> AnnotatedPods { get; }

    /// <summary>
    /// Sets aside the addresses that pods ask for in the default external subnet, and gives back those that none asks for any more.
    /// </summary>
    /// <returns>Those that can not be set aside, with the reason.</returns>
    IReadOnlyDictionary<IpAddress, Refusal> Reserve(IReadOnlyList<PodAddress> addresses);

    /// <summary>See <see cref="VpcInput.OtherClaims"/>.</summary>
    ImmutableArray<EipClaim> OtherClaims(string vpc);
}

/// <summary>Puts together the input of the plan of a VPC.</summary>
public sealed class VpcGather(IVpcObjects objects)
{
    /// <param name="name">Of a VPC that exists or not.</param>
    public VpcInput For(string name)
    {
        var settings = objects.Settings;
        var vpc = objects.FindVpc(name);
        ImmutableArray<Subnet> subnets = [.. objects.SubnetsOf(name)];
        var wanted = ExternalSubnets.WantedBy(vpc, settings);
        ImmutableArray<Subnet> external = [.. wanted.Select(objects.FindSubnet).OfType<Subnet>()];
        // Of whatever type, one that has the name of a port is in its way.
        var eips = wanted.Select(subnet => objects.FindEip(Names.RouterPort(name, subnet))).OfType<OvnEip>();
        var isDefault = name == settings.DefaultVpc;
        return new()
        {
            Name = name,
            Vpc = vpc,
            Settings = settings,
            Subnets = subnets,
            ExternalSubnets = external,
            RouterEips = [.. objects.RouterEipsOf(name).Concat(eips).DistinctBy(eip => eip.Metadata.Name)],
            InheritedMacs = InheritedMacs(name, subnets),
            GatewayNodes = [.. objects.GatewayNodes],
            Networks = [.. from subnet in wanted let network = objects.NetworkOf(subnet) where network is not null select new ExternalNetwork(subnet, network)],
            NodeEips = vpc?.Spec.EnableBfd == true ? [.. wanted.SelectMany(objects.NodeEipsIn)] : [],
            ActiveGateways = [.. ActiveGateways(name, wanted)],
            BfdSessions = vpc is null ? [] : [.. objects.BfdSessionsOf(name)],
            RunningBfd = vpc?.Spec.EnableBfd == true ? [.. RunningBfd(name, wanted)] : [],
            Fips = objects.FipsOf(name),
            SnatRules = objects.SnatRulesOf(name),
            DnatRules = objects.DnatRulesOf(name),
            OtherClaims = objects.OtherClaims(name),
            Pods = isDefault ? [.. objects.AnnotatedPods] : [],
            TakenAddresses = isDefault ? objects.Reserve(PodAddresses()) : ImmutableDictionary<IpAddress, Refusal>.Empty,
            RivalPorts = vpc is null ? [] : Rivals(name, subnets.Where(SubnetPorts.HasRouterPort).Concat(external), settings),
        };
    }

    /// <summary>The addresses that are to be set aside for pods; none while the default VPC is not to be connected.</summary>
    public ImmutableArray<PodAddress> PodAddresses()
    {
        var settings = objects.Settings;
        return ExternalSubnets.WantedBy(objects.FindVpc(settings.DefaultVpc), settings).Contains(settings.DefaultExternalSubnet)
            ? AnnotatedPod.AddressesOf(objects.AnnotatedPods, settings)
            : [];
    }

    private ImmutableDictionary<string, MacAddress> InheritedMacs(string vpc, ImmutableArray<Subnet> subnets)
    {
        var macs = ImmutableDictionary<string, MacAddress>.Empty;
        foreach (var port in subnets.Where(SubnetPorts.HasRouterPort).Select(subnet => Names.RouterPort(vpc, subnet.Metadata.Name)))
        {
            if (objects.InheritedMac(port) is { } mac) macs = macs.Add(port, mac);
        }
        return macs;
    }

    private IEnumerable<ActiveGateway> ActiveGateways(string vpc, ImmutableArray<string> subnets) =>
        from subnet in subnets
        let port = Names.RouterPort(vpc, subnet)
        let chassis = objects.ActiveChassis(port)
        where chassis is not null
        select new ActiveGateway(port, chassis, [.. objects.GatewayChassis(vpc, port)]);

    private IEnumerable<BfdPeer> RunningBfd(string vpc, ImmutableArray<string> subnets) =>
        from subnet in subnets
        let port = Names.RouterPort(vpc, subnet)
        from peer in objects.RunningBfd(port)
        select new BfdPeer(port, peer);

    private ImmutableArray<RivalPort> Rivals(string vpc, IEnumerable<Subnet> subnets, VpcSettings settings) =>
    [
        .. from subnet in subnets
           from rival in RouterPortNames.Rivals(vpc, subnet.Metadata.Name)
           let other = objects.FindVpc(rival.Vpc)
           where other is not null
           let theirs = objects.FindSubnet(rival.Subnet)
           where theirs is not null && IsConnected(other, theirs, settings)
           select new RivalPort(rival.Vpc, rival.Subnet, PortNameContest.Since(other, theirs)),
    ];

    private static bool IsConnected(Vpc vpc, Subnet subnet, VpcSettings settings) =>
        (SubnetPorts.VpcOf(subnet, settings.DefaultVpc) == vpc.Metadata.Name && SubnetPorts.HasRouterPort(subnet))
        || ExternalSubnets.WantedBy(vpc, settings).Contains(subnet.Metadata.Name);
}
