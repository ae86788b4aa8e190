using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Options;
using Sluice.Controller.Reconcilers;
using Sluice.Controller.Rules;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Admission;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Admission;

/// <summary>Puts before the reviews of the plans what they depend on, from the caches: no review waits for the API server.</summary>
internal sealed class KindReviews : IRuleReferences
{
    private readonly Cluster _cluster;
    private readonly SubnetSettings _subnets;
    private readonly VpcSettings _vpcs;
    private readonly AddressPromises? _promises;
    private readonly LiveVpcSettings _live;
    private readonly AddressUsers _users;

    /// <param name="promises">Gives addresses to new OvnEips; null where none are given, because somebody else leads.</param>
    public KindReviews(Cluster cluster, ControllerOptions options, AddressPromises? promises)
    {
        (_cluster, _subnets, _vpcs, _promises) = (cluster, Settings.Subnets(options), Settings.Vpcs(options), promises);
        _live = new LiveVpcSettings(cluster, _vpcs, northbound: null);
        var users = _users = new AddressUsers(cluster, _live);
        var rules = new RuleGather(this);
        All =
        [
            new KindReview<ProviderNetwork, ProviderNetworkSpec>(SluiceResources.ProviderNetworks, Check, UsersOf),
            new KindReview<Vlan, VlanSpec>(SluiceResources.Vlans, Check, UsersOf),
            new KindReview<Subnet, SubnetSpec>(SluiceResources.Subnets, Check, subnet => users.Of(subnet)),
            new KindReview<Vpc, VpcSpec>(SluiceResources.Vpcs, (_, vpc) => NetworkReview.Check(vpc, cluster.Subnets.Find(vpc.Metadata.Name)), UsersOf),
            new KindReview<Ip, IpSpec>(
                SluiceResources.Ips, (_, ip) => AddressReview.Check(ip, cluster.Subnets.Find(AddressHome.Of(ip))), ip => users.Of(ip)),
            new KindReview<Vip, VipSpec>(
                SluiceResources.Vips, (_, vip) => AddressReview.Check(vip, cluster.Subnets.Find(AddressHome.Of(vip)), cluster.Defaults.NodeSubnet), vip => users.Of(vip)),
            new KindReview<OvnEip, OvnEipSpec>(SluiceResources.OvnEips, Check, eip => users.Of(eip), Prepare),
            new KindReview<OvnFip, OvnFipSpec>(
                SluiceResources.OvnFips,
                (old, rule) => RuleReview.Check(old, rules.Input(rule), _vpcs),
                _ => [],
                (rule, _) => RulePlans.Fip.Prepared(rules.Input(rule), _vpcs)),
            new KindReview<OvnSnatRule, OvnSnatRuleSpec>(
                SluiceResources.OvnSnatRules,
                (old, rule) => RuleReview.Check(old, rules.Input(rule), _vpcs),
                _ => [],
                (rule, _) => RulePlans.Snat.Prepared(rules.Input(rule), _vpcs)),
            new KindReview<OvnDnatRule, OvnDnatRuleSpec>(
                SluiceResources.OvnDnatRules,
                (old, rule) => RuleReview.Check(old, rules.Input(rule), _vpcs),
                _ => [],
                (rule, _) => RulePlans.Dnat.Prepared(rules.Input(rule), _vpcs)),
        ];
    }

    public ImmutableArray<IKindReview> All { get; }

    public Subnet? FindSubnet(string name) => _cluster.Subnets.Find(name);

    public OvnEip? FindEip(string name) => _promises is null ? _cluster.Eips.Find(name) : _promises.Find(name);

    public Ip? FindIp(string name) => _cluster.Ips.Find(name);

    public Vip? FindVip(string name) => _cluster.Vips.Find(name);

    private Objection? Check(Vlan? old, Vlan vlan)
    {
        var provider = _cluster.Defaults.ProviderNetwork;
        return NetworkReview.Check(vlan, VlanReconciler.Siblings(_cluster, vlan), provider)
            ?? (old is not null && _cluster.Vlans.Find(vlan.Metadata.Name) is { } inForce
                ? NetworkReview.CheckEdit(inForce, vlan, _users.OccupiedOn(inForce), provider)
                : null);
    }

    private Objection? Check(ProviderNetwork? old, ProviderNetwork network) => NetworkReview.Check(network)
        ?? (old is not null && _cluster.ProviderNetworks.Find(network.Metadata.Name) is { } inForce
            ? NetworkReview.CheckEdit(inForce, network, _cluster.Nodes.Snapshot.All, _users.OccupiedOn(inForce), _users.OnNodes())
            : null);

    private Objection? Check(OvnEip? old, OvnEip eip)
    {
        var home = _cluster.Defaults.SubnetOf(eip);
        return AddressReview.Check(old, eip, home, _cluster.Subnets.Find(home));
    }

    private ObjectMeta Prepare(OvnEip eip, AdmissionRequest request)
    {
        var home = _cluster.Defaults.SubnetOf(eip);
        return !request.DryRun && Check(null, eip) is null && _promises?.Make(eip, request.Uid) is { } promised
            ? Preparation.Granted(eip, home, promised)
            : Preparation.Of(eip, home, _cluster.Subnets.Find(home));
    }

    private Objection? Check(Subnet? old, Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        var vpc = _cluster.Defaults.VpcOf(subnet);
        var input = new SubnetInput
        {
            Subnet = subnet,
            Settings = _subnets,
            VpcHasItsName = _cluster.Vpcs.Find(name) is { Metadata.IsDeleting: false },
            ExternalSubnets =
            [
                .. ExternalSubnets.ConnectedTo(_cluster.Vpcs.Find(vpc), _live.Current).Where(other => other != name)
                    .Select(_cluster.Subnets.Find).OfType<Subnet>(),
            ],
            Siblings = vpc is null ? [] : [.. _cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, vpc).Where(other => other.Metadata.Name != name)],
            Nodes = vpc == _subnets.DefaultVpc ? [.. _cluster.Nodes.Snapshot.All.Select(node => new SubnetNode(node, default))] : [],
        };
        // Another spec than the one in force may be written: what it is changed from says nothing about who uses the subnet.
        return old is not null && _cluster.Subnets.Find(name) is { } inForce
            ? NetworkReview.Check(input, input with { Subnet = inForce, Users = _users.Of(inForce) }, ClaimsOn(name))
            : NetworkReview.Check(input, null, []);
    }

    private IEnumerable<AddressClaim> ClaimsOn(string subnet) =>
    [
        .. _cluster.Eips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Select(eip => AddressClaims.Of(eip, _cluster.Defaults.SubnetOf(eip))),
        .. _cluster.Vips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Select(AddressClaims.Of),
        .. _cluster.Ips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Select(AddressClaims.Of),
    ];

    private IEnumerable<AddressUser> UsersOf(ProviderNetwork network) =>
        Users(_cluster.Vlans.Snapshot.ByIndex(Indexes.ByProvider, network.Metadata.Name), nameof(Vlan));

    private IEnumerable<AddressUser> UsersOf(Vlan vlan) =>
        Users(_cluster.Subnets.Snapshot.ByIndex(Indexes.ByVlan, vlan.Metadata.Name), nameof(Subnet));

    /// <summary>Rules that name no VPC lead to one through a subnet, which is a user itself.</summary>
    private IEnumerable<AddressUser> UsersOf(Vpc vpc)
    {
        var name = vpc.Metadata.Name;
        return
        [
            .. Users(_cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, name), nameof(Subnet)),
            .. Users(_cluster.Fips.Snapshot.ByIndex(Indexes.ByVpc, name), nameof(OvnFip)),
            .. Users(_cluster.SnatRules.Snapshot.ByIndex(Indexes.ByVpc, name), nameof(OvnSnatRule)),
            .. Users(_cluster.DnatRules.Snapshot.ByIndex(Indexes.ByVpc, name), nameof(OvnDnatRule)),
        ];
    }

    private static IEnumerable<AddressUser> Users(IEnumerable<KubeObject> items, string kind) =>
        items.Select(item => new AddressUser(kind, item.Metadata.Name, item.Metadata.IsDeleting));
}
