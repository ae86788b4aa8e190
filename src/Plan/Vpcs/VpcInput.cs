using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// All that the plan of one VPC depends on. The order of the lists means nothing. Objects are compared by reference where results are
/// re-used, so the caller passes what its caches hold and does not copy.
/// </summary>
public sealed record VpcInput
{
    public required string Name { get; init; }

    /// <summary>Null when there is no such Vpc; the rules that name it still get a status.</summary>
    public Vpc? Vpc { get; init; }

    public VpcSettings Settings { get; init; } = new();

    /// <summary>The subnets that belong to this VPC, deleting ones included.</summary>
    public ImmutableArray<Subnet> Subnets { get; init; } = [];

    /// <summary>Those of <see cref="ExternalSubnets.WantedBy"/> that exist.</summary>
    public ImmutableArray<Subnet> ExternalSubnets { get; init; } = [];

    /// <summary>The OvnEips whose name is that of an external port of this router, wanted or not: <c>VPC-SUBNET</c>.</summary>
    public ImmutableArray<OvnEip> RouterEips { get; init; } = [];

    /// <summary>
    /// The MAC addresses of router ports in <see cref="Subnets"/> that an earlier system chose, by port: pods remember that of their gateway.
    /// </summary>
    public IReadOnlyDictionary<string, MacAddress> InheritedMacs { get; init; } = ImmutableDictionary<string, MacAddress>.Empty;

    /// <summary>The nodes that are labelled as external gateway.</summary>
    public ImmutableArray<GatewayNode> GatewayNodes { get; init; } = [];

    /// <summary>The provider networks of wanted external subnets, of those that are on a known one.</summary>
    public ImmutableArray<ExternalNetwork> Networks { get; init; } = [];

    /// <summary>The OvnEips of type lsp from <see cref="ExternalSubnets"/>: ports of gateway nodes, which may be next hops.</summary>
    public ImmutableArray<OvnEip> NodeEips { get; init; } = [];

    /// <summary>Where external ports of this router are active, of those that are anywhere.</summary>
    public ImmutableArray<ActiveGateway> ActiveGateways { get; init; } = [];

    /// <summary>The BFD sessions in the northbound database.</summary>
    public ImmutableArray<BfdSession> BfdSessions { get; init; } = [];

    /// <summary>The BFD sessions that ovn-northd has told the chassis of, by port and peer; it may be behind <see cref="BfdSessions"/>.</summary>
    public ImmutableArray<BfdPeer> RunningBfd { get; init; } = [];

    /// <summary>The FIPs whose specs lead to this VPC, or led to it when they last led anywhere.</summary>
    public ImmutableArray<RuleInput<OvnFip>> Fips { get; init; } = [];

    /// <summary>The SNAT rules whose specs lead to this VPC, or led to it when they last led anywhere.</summary>
    public ImmutableArray<RuleInput<OvnSnatRule>> SnatRules { get; init; } = [];

    /// <summary>The DNAT rules whose specs lead to this VPC, or led to it when they last led anywhere.</summary>
    public ImmutableArray<RuleInput<OvnDnatRule>> DnatRules { get; init; } = [];

    /// <summary>What rules outside of this VPC ask of the OvnEips that rules of this VPC name.</summary>
    public ImmutableArray<EipClaim> OtherClaims { get; init; } = [];

    /// <summary>The pods that ask for public addresses by annotation; of the default VPC only.</summary>
    public ImmutableArray<AnnotatedPod> Pods { get; init; } = [];

    /// <summary>The addresses that <see cref="Pods"/> ask for and that can not be set aside for them, with the reason.</summary>
    public IReadOnlyDictionary<IpAddress, Refusal> TakenAddresses { get; init; } = ImmutableDictionary<IpAddress, Refusal>.Empty;

    /// <summary>Those of <see cref="RouterPortNames.Rivals"/> of this VPC's ports that exist.</summary>
    public ImmutableArray<RivalPort> RivalPorts { get; init; } = [];
}

/// <summary>A connection of another VPC and a subnet that wants a port name of ours.</summary>
/// <param name="Since">When the younger of the two objects was created.</param>
public readonly record struct RivalPort(string Vpc, string Subnet, DateTimeOffset Since);
