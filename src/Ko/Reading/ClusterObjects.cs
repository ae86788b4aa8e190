using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;
using Lease = Sluice.Kube.Core.Lease;
using Refusal = Sluice.Plan.Vpcs.Refusal;

namespace Sluice.Ko.Reading;

/// <summary>What the API server holds, as far as plans depend on it: each kind listed once.</summary>
public sealed class ClusterObjects : IVpcObjects, IRuleReferences
{
    private readonly Lazy<VpcSettings> _settings;
    private readonly Lazy<ImmutableArray<PlacedRule<OvnFip>>> _fips;
    private readonly Lazy<ImmutableArray<PlacedRule<OvnSnatRule>>> _snatRules;
    private readonly Lazy<ImmutableArray<PlacedRule<OvnDnatRule>>> _dnatRules;

    public ClusterObjects()
    {
        _settings = new(() => Controller!.Vpcs with { Gateway = ReadGateway(Controller.Vpcs) });
        var gather = new RuleGather(this);
        _fips = new(() => Place(Fips!, RulePlans.Fip, gather.Input));
        _snatRules = new(() => Place(SnatRules!, RulePlans.Snat, gather.Input));
        _dnatRules = new(() => Place(DnatRules!, RulePlans.Dnat, gather.Input));
    }

    public required ControllerSettings Controller { get; init; }

    public required Catalog<Node> Nodes { get; init; }

    public required Catalog<Namespace> Namespaces { get; init; }

    public required Catalog<Pod> Pods { get; init; }

    public required Catalog<StatefulSet> StatefulSets { get; init; }

    public required Catalog<ProviderNetwork> ProviderNetworks { get; init; }

    public required Catalog<Vlan> Vlans { get; init; }

    public required Catalog<Subnet> Subnets { get; init; }

    public required Catalog<Vpc> Vpcs { get; init; }

    public required Catalog<Ip> Ips { get; init; }

    public required Catalog<Vip> Vips { get; init; }

    public required Catalog<OvnEip> Eips { get; init; }

    public required Catalog<OvnFip> Fips { get; init; }

    public required Catalog<OvnSnatRule> SnatRules { get; init; }

    public required Catalog<OvnDnatRule> DnatRules { get; init; }

    /// <summary>The lease that the leading controller renews; null when none ever led.</summary>
    public Lease? Lease { get; init; }

    /// <summary>The ConfigMap of the external gateway; null when there is none.</summary>
    public ConfigMap? GatewayConfig { get; init; }

    /// <summary>What chassis and ovn-northd have made of it; null while it has not been read.</summary>
    public NorthboundSnapshot? Northbound { get; set; }

    /// <inheritdoc cref="Northbound"/>
    public SouthboundSnapshot? Southbound { get; set; }

    public VpcSettings Settings => _settings.Value;

    public IEnumerable<GatewayNode> GatewayNodes => GatewayNode.Of(Nodes.All);

    public ProviderNetwork? NetworkOf(string externalSubnet) =>
        ProviderOf(externalSubnet, Controller.Vpcs) is { } provider ? ProviderNetworks.Find(provider) : null;

    /// <summary>The VPC, or null for a rule that belongs to none.</summary>
    public string? VpcOf<TRule>(TRule rule)
        where TRule : KubeObject => rule switch
        {
            OvnFip fip => VpcOf(_fips.Value, fip),
            OvnSnatRule snat => VpcOf(_snatRules.Value, snat),
            OvnDnatRule dnat => VpcOf(_dnatRules.Value, dnat),
            _ => throw new ArgumentException($"{typeof(TRule).Name} is no rule", nameof(rule)),
        };

    public Vpc? FindVpc(string name) => Vpcs.Find(name);

    public Subnet? FindSubnet(string name) => Subnets.Find(name);

    public OvnEip? FindEip(string name) => Eips.Find(name);

    public Ip? FindIp(string name) => Ips.Find(name);

    public Vip? FindVip(string name) => Vips.Find(name);

    public IEnumerable<Subnet> SubnetsOf(string vpc) => Subnets.All.Where(subnet =>
        (!string.IsNullOrEmpty(subnet.Spec.Vpc) || SubnetPorts.IsOvn(subnet)) && SubnetPorts.VpcOf(subnet, Settings.DefaultVpc) == vpc);

    public IEnumerable<OvnEip> RouterEipsOf(string vpc) => Eips.All.Where(eip =>
        eip.Spec.Type == EipTypes.Lrp && RouterPortNames.VpcOf(eip.Metadata.Name, SubnetOf(eip)) == vpc);

    /// <summary>The external subnet of an OvnEip.</summary>
    public string SubnetOf(OvnEip eip) => AddressHome.Of(eip, Settings.DefaultExternalSubnet);

    public IEnumerable<OvnEip> NodeEipsIn(string subnet) => Eips.All.Where(eip => eip.Spec.Type == EipTypes.Lsp && SubnetOf(eip) == subnet);

    public MacAddress? InheritedMac(string routerPort) => Northbound is { } rows ? SubnetPorts.InheritedMac(rows, routerPort) : null;

    public string? ActiveChassis(string routerPort) => Southbound?.ActiveChassis(routerPort);

    public IEnumerable<string> GatewayChassis(string vpc, string routerPort) =>
        GatewayChassisPlan.Read((Northbound?.Owned<GatewayChassis>(new(nameof(Vpc), vpc)) ?? []).Select(row => row.Row), routerPort);

    public IEnumerable<BfdSession> BfdSessionsOf(string vpc) =>
        from row in Northbound?.Owned<Bfd>(new(nameof(Vpc), vpc)) ?? []
        select BfdPlan.Read(row.Row);

    public IEnumerable<string> RunningBfd(string routerPort) => Southbound?.BfdPeers(routerPort) ?? [];

    public ImmutableArray<RuleInput<OvnFip>> FipsOf(string vpc) => Of(_fips.Value, vpc);

    public ImmutableArray<RuleInput<OvnSnatRule>> SnatRulesOf(string vpc) => Of(_snatRules.Value, vpc);

    public ImmutableArray<RuleInput<OvnDnatRule>> DnatRulesOf(string vpc) => Of(_dnatRules.Value, vpc);

    public ImmutableArray<EipClaim> OtherClaims(string vpc)
    {
        RuleMembership[] all =
        [
            .. _fips.Value.Select(rule => rule.Membership),
            .. _snatRules.Value.Select(rule => rule.Membership),
            .. _dnatRules.Value.Select(rule => rule.Membership),
        ];
        var ours = all.Where(rule => rule.Vpc == vpc).SelectMany(rule => rule.Claims).Select(claim => claim.Eip).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(rule => rule.Vpc != vpc).SelectMany(rule => rule.Claims).Where(claim => ours.Contains(claim.Eip))];
    }

    public IEnumerable<AnnotatedPod> AnnotatedPods => AnnotatedPod.Of(Pods.All, Ips.Find, Subnets.Find);

    /// <summary>Tells what the controller can not set aside, because others have it.</summary>
    public IReadOnlyDictionary<IpAddress, Refusal> Reserve(IReadOnlyList<PodAddress> addresses)
    {
        var refusals = new Dictionary<IpAddress, Refusal>();
        var name = Settings.DefaultExternalSubnet;
        if (FindSubnet(name) is not { } subnet || !SubnetAddresses.TryRead(subnet.Spec, out var configuration, out _)) return refusals;

        var pool = new SubnetPool(configuration);
        var claims = Eips.All.Select(eip => AddressClaims.Of(eip, SubnetOf(eip)))
            .Concat(Vips.All.Select(AddressClaims.Of)).Concat(Ips.All.Select(AddressClaims.Of));
        foreach (var claim in claims.Where(claim => claim.Subnet == name && claim.IsStored))
            pool.TryAcquire(claim.Owner.ToString(), claim.KeepRequest, out _, out _);
        foreach (var address in addresses)
        {
            if (address.ReserveIn(pool) is { } refusal) refusals[address.Address] = refusal;
        }
        return refusals;
    }

    private ExternalGateway? ReadGateway(VpcSettings flags) => !flags.EnableEipSnat ? null : ExternalGatewayReader.Read(new(
        GatewayConfig is { } map ? map.Data ?? new Dictionary<string, string>() : null,
        Vpcs.Find(flags.DefaultVpc)?.Metadata.Annotation(ExternalGatewayReader.AcceptedAnnotation),
        flags.DefaultExternalSubnet,
        Subnets.Find(flags.DefaultExternalSubnet),
        name => Nodes.Find(name) is { Metadata.IsDeleting: false },
        () => Nodes.All.Where(node => !node.Metadata.IsDeleting).Select(node => node.Metadata.Name),
        node => ProviderOf(flags.DefaultExternalSubnet, flags) is { } provider ? Nodes.Find(node)?.Metadata.Annotation(Names.Annotations.ProviderNetworkError(provider)) : null));

    private string? ProviderOf(string externalSubnet, VpcSettings flags)
    {
        if (Subnets.Find(externalSubnet) is not { } subnet) return externalSubnet == flags.DefaultExternalSubnet ? flags.ExternalProvider : null;
        return string.IsNullOrEmpty(subnet.Spec.Vlan) || Vlans.Find(subnet.Spec.Vlan) is not { } vlan
            ? null
            : VlanPlan.ProviderOf(vlan, Controller.Subnets.DefaultProvider);
    }

    private static string? VpcOf<TRule>(ImmutableArray<PlacedRule<TRule>> rules, TRule rule)
        where TRule : KubeObject => rules.First(placed => placed.Input.Rule.Metadata.Name == rule.Metadata.Name).Membership.Vpc;

    private static ImmutableArray<RuleInput<TRule>> Of<TRule>(ImmutableArray<PlacedRule<TRule>> rules, string vpc)
        where TRule : KubeObject => [.. rules.Where(rule => rule.Membership.Vpc == vpc).Select(rule => rule.Input)];

    private ImmutableArray<PlacedRule<TRule>> Place<TRule>(Catalog<TRule> rules, RulePlan<TRule> plan, Func<TRule, RuleInput<TRule>> gather)
        where TRule : KubeObject =>
        [.. rules.All.Select(gather).Select(input => new PlacedRule<TRule>(input, plan.Membership(input, Settings)))];

    private sealed record PlacedRule<TRule>(RuleInput<TRule> Input, RuleMembership Membership)
        where TRule : KubeObject;
}
