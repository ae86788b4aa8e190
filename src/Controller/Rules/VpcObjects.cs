using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;
using Refusal = Sluice.Plan.Vpcs.Refusal;

namespace Sluice.Controller.Rules;

/// <summary>Looks up in our caches what plans of VPCs depend on.</summary>
internal sealed class VpcObjects(Cluster cluster, RuleBook rules, AddressBook book, LiveVpcSettings settings, OvnDatabases databases)
    : IVpcObjects
{
    public VpcSettings Settings => settings.Current;

    public IEnumerable<GatewayNode> GatewayNodes => GatewayNode.Of(cluster.Nodes.Snapshot.All);

    public ProviderNetwork? NetworkOf(string externalSubnet) => cluster.ProviderNetworks.Find(settings.ProviderOf(externalSubnet));

    public IEnumerable<AnnotatedPod> AnnotatedPods =>
        AnnotatedPod.Of(cluster.Pods.Snapshot.ByIndex(Indexes.ByPublicAddress, Indexes.Annotated), cluster.Ips.Find, cluster.Subnets.Find);

    public IReadOnlyDictionary<IpAddress, Refusal> Reserve(IReadOnlyList<PodAddress> addresses) =>
        book.ReserveForPods(addresses, Keys.Vpc(cluster.Defaults.Vpc));

    public Vpc? FindVpc(string name) => cluster.Vpcs.Find(name);

    public Subnet? FindSubnet(string name) => cluster.Subnets.Find(name);

    public OvnEip? FindEip(string name) => cluster.Eips.Find(name);

    public IEnumerable<Subnet> SubnetsOf(string vpc) => cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, vpc);

    public IEnumerable<OvnEip> RouterEipsOf(string vpc) => cluster.Eips.Snapshot.ByIndex(Indexes.ByRouter, vpc);

    public IEnumerable<OvnEip> NodeEipsIn(string subnet) =>
        cluster.Eips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Where(eip => eip.Spec.Type == EipTypes.Lsp);

    public MacAddress? InheritedMac(string routerPort) => SubnetPorts.InheritedMac(databases.Northbound.Current, routerPort);

    public string? ActiveChassis(string routerPort) => databases.Southbound.Current.ActiveChassis(routerPort);

    public IEnumerable<string> GatewayChassis(string vpc, string routerPort) =>
        GatewayChassisPlan.Read(databases.Northbound.Current.Owned<GatewayChassis>(Keys.Vpc(vpc)).Select(row => row.Row), routerPort);

    public IEnumerable<BfdSession> BfdSessionsOf(string vpc) =>
        databases.Northbound.Current.Owned<Bfd>(Keys.Vpc(vpc)).Select(row => BfdPlan.Read(row.Row));

    public IEnumerable<string> RunningBfd(string routerPort) => databases.Southbound.Current.BfdPeers(routerPort);

    public ImmutableArray<RuleInput<OvnFip>> FipsOf(string vpc) => rules.FipsOf(vpc);

    public ImmutableArray<RuleInput<OvnSnatRule>> SnatRulesOf(string vpc) => rules.SnatRulesOf(vpc);

    public ImmutableArray<RuleInput<OvnDnatRule>> DnatRulesOf(string vpc) => rules.DnatRulesOf(vpc);

    public ImmutableArray<EipClaim> OtherClaims(string vpc) => rules.OtherClaims(vpc);
}
