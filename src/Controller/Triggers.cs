using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Rules;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addresses;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller;

/// <summary>
/// Which change leads to which keys. A key is worked on because something that its plan reads has changed; what has changed is not
/// passed on. An object is looked at before and after its change, so that what it no longer names is worked on, too.
/// </summary>
public sealed class Triggers(Cluster cluster, RuleBook rules, WorkQueue<OwnerKey> queue, MissingRows missing)
{
    /// <summary>For how long a subnet's count of addresses lags: those who have or get one go first.</summary>
    private static readonly TimeSpan CountLag = TimeSpan.FromMilliseconds(100);

    private volatile bool _isLive;

    /// <summary>Follows what plans read of the API; call once, before the caches start.</summary>
    public void Attach(AddressBook addresses)
    {
        On(cluster.ProviderNetworks, Self, network => [.. VlansOf(network), .. ConnectedVpcs], Relevance.HasMoved);
        On(cluster.Vlans, Self, vlan => [NetworkOf(vlan), .. SiblingsOf(vlan), .. SubnetsOn(vlan), .. ConnectedVpcs], Relevance.HasMoved);
        On(cluster.Subnets, Self, subnet => [.. VpcsOf(subnet), .. SiblingsOf(subnet), .. NamersOf(subnet), .. UsersOf(subnet)], Relevance.HasMoved);
        On(cluster.Vpcs, Self, vpc => [.. SubnetsOf(vpc), .. NamespacesOf(vpc), .. RouterEipsOf(vpc), .. RivalsOf(vpc)], Relevance.HasMoved);

        On(cluster.Eips, Self, eip => [.. RouterOf(eip), .. VpcsOver(eip)], Relevance.HasMoved);
        On(cluster.Vips, Self, PodsOf, Relevance.HasMoved);
        On(cluster.Ips, Keys.OfPort, ip => [.. LeavingThrough(ip), .. TranslatedIn(ip), .. VipOf(ip)], Relevance.HasMoved);
        On(cluster.Fips, rule => Named(rule.Spec.OvnEip, rule.Spec.IpName), Relevance.HasMoved);
        On(cluster.SnatRules, rule => Named(rule.Spec.OvnEip, rule.Spec.IpName), Relevance.HasMoved);
        On(cluster.DnatRules, rule => Named(rule.Spec.OvnEip, rule.Spec.IpName), Relevance.HasMoved);

        On(cluster.Pods, pod => [Self(pod), .. VipsOf(pod), .. TranslatedIn(pod)], Relevance.HasMoved);
        On(cluster.Nodes, node => [Self(node), .. AllNetworks, .. DefaultVpcSubnets, .. ConnectedVpcs, .. EipOf(node)], Relevance.HasMoved);
        On(cluster.Namespaces, ns => [Self(ns), .. PodsIn(ns)], Relevance.HasMoved);
        On(cluster.StatefulSets, set => [.. KeptFor(set), .. PodsOf(set)], Relevance.HasMoved);
        // Pods wait for permission to be where they ask to be.
        On(cluster.Subnets, PodsIn, Relevance.PermitsOthers);
        On(cluster.Vpcs, PodsIn, Relevance.PermitsOthers);
        // Who is a gateway, how the default VPC is connected, and where FIPs are translated.
        On(cluster.ConfigMaps, _ => [.. AllNodes, .. cluster.Vpcs.Snapshot.All.Select(Self), DefaultRouterEip], Relevance.HasMoved);
        On(cluster.Nodes, _ => cluster.ConfigMaps.Snapshot.Count > 0 ? AllNodes : [], static (_, _) => false);

        OnRemoved(cluster.Eips, eip => Keys.Subnet(cluster.Defaults.SubnetOf(eip)));
        OnRemoved(cluster.Eips, eip => eip.Spec.Type == EipTypes.Lsp ? Keys.Node(eip.Metadata.Name) : null);
        OnRemoved(cluster.Vips, vip => Keys.Subnet(AddressHome.Of(vip)));
        OnRemoved(cluster.Ips, ip => Keys.Subnet(AddressHome.Of(ip)));

        // Whose plan a rule is part of, and what it refers to, is written down there.
        rules.Affected += queue.Add;

        addresses.Freed += queue.Add;
        addresses.UsageChanged += subnet => queue.AddAfter(Keys.Subnet(subnet), CountLag);

        // What waits for its users to go.
        addresses.UsageChanged += _ =>
        {
            foreach (var key in EditedNetworks)
                queue.AddAfter(key, CountLag);
        };
    }

    /// <summary>Follows what plans read of the databases; call once, when they are complete: their first content is no change.</summary>
    public void Attach(OvnDatabases databases)
    {
        var northbound = databases.Northbound;

        // Somebody changed rows of ours: their owners repair them. Rows that others waited for may be there now.
        northbound.OwnedRowsChanged += Enqueue;
        northbound.TargetsChanged += rows => Enqueue(missing.TakeWaiters(rows));

        // Gateways failed over or back.
        databases.Southbound.GatewayPortsChanged += ports => Enqueue(
            from port in ports
            let owner = northbound.Current.ByName<LogicalRouterPort>(port)?.Id?.Owner
            where owner is not null
            select owner.Value);
    }

    /// <summary>
    /// Has every key worked on that there is. Before the first time, changes mean nothing; they do from before the keys are collected, so that
    /// what comes meanwhile is not missed.
    /// </summary>
    /// <returns>The keys.</returns>
    public IReadOnlyCollection<OwnerKey> Start(NorthboundSnapshot rows)
    {
        _isLive = true;
        var keys = AllKeys(rows);
        Enqueue(keys);
        return keys;
    }

    /// <summary>Every key that there is: what exists, and whoever owns rows.</summary>
    private IReadOnlyCollection<OwnerKey> AllKeys(NorthboundSnapshot rows) =>
    [
        .. AllNetworks,
        .. AllNodes,
        .. cluster.Vlans.Snapshot.All.Select(Self),
        .. cluster.Subnets.Snapshot.All.Select(Self),
        .. cluster.Vpcs.Snapshot.All.Select(Self),
        .. cluster.Eips.Snapshot.All.Select(Self),
        .. cluster.Vips.Snapshot.All.Select(Self),
        .. cluster.Ips.Snapshot.All.Select(Keys.OfPort),
        .. rules.AllKeys(),
        .. cluster.Pods.Snapshot.All.Select(Self),
        .. cluster.Namespaces.Snapshot.All.Select(Self),

        // The plan of an owner that no longer exists is empty, which removes its rows.
        .. rows.Owners(),
    ];

    private static OwnerKey Self(ProviderNetwork network) => Keys.ProviderNetwork(network.Metadata.Name);

    private static OwnerKey Self(Vlan vlan) => Keys.Vlan(vlan.Metadata.Name);

    private static OwnerKey Self(Subnet subnet) => Keys.Subnet(subnet.Metadata.Name);

    private static OwnerKey Self(Vpc vpc) => Keys.Vpc(vpc.Metadata.Name);

    private static OwnerKey Self(OvnEip eip) => Keys.OvnEip(eip.Metadata.Name);

    private static OwnerKey Self(Vip vip) => Keys.Vip(vip.Metadata.Name);

    private static OwnerKey Self(Pod pod) => Keys.Port(pod.Key);

    private static OwnerKey Self(Node node) => Keys.Node(node.Metadata.Name);

    private static OwnerKey Self(Namespace ns) => Keys.Namespace(ns.Metadata.Name);

    private IEnumerable<OwnerKey> AllNetworks => cluster.ProviderNetworks.Snapshot.All.Select(Self);

    /// <summary>Vlans and provider networks whose written spec is not in force.</summary>
    private IEnumerable<OwnerKey> EditedNetworks =>
    [
        .. cluster.Vlans.Snapshot.All.Where(vlan => vlan.IsEdited).Select(Self),
        .. cluster.ProviderNetworks.Snapshot.All.Where(network => network.IsEdited).Select(Self),
    ];

    private IEnumerable<OwnerKey> AllNodes => cluster.Nodes.Snapshot.All.Select(Self);

    private IEnumerable<OwnerKey> DefaultVpcSubnets => cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, cluster.Defaults.Vpc).Select(Self);

    /// <summary>VPCs with ports on gateway nodes.</summary>
    private IEnumerable<OwnerKey> ConnectedVpcs =>
        cluster.Vpcs.Snapshot.All.Where(vpc => vpc.Spec.EnableExternal == true || vpc.Metadata.Name == cluster.Defaults.Vpc).Select(Self);

    /// <summary>The OvnEip of a gateway node's port.</summary>
    private IEnumerable<OwnerKey> EipOf(Node node) =>
        cluster.Eips.Find(node.Metadata.Name) is { Spec.Type: EipTypes.Lsp } eip ? [Self(eip)] : [];

    /// <summary>The OvnEip of the default VPC's port in the default external subnet.</summary>
    private OwnerKey DefaultRouterEip => Keys.OvnEip(Names.RouterPort(cluster.Defaults.Vpc, cluster.Defaults.ExternalSubnet));

    private OwnerKey NetworkOf(Vlan vlan) => Keys.ProviderNetwork(VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork));

    private IEnumerable<OwnerKey> VlansOf(ProviderNetwork network) =>
        cluster.Vlans.Snapshot.ByIndex(Indexes.ByProvider, network.Metadata.Name).Select(Self);

    /// <summary>Vlans that compete for a tag, and the subnets that wait for it.</summary>
    private IEnumerable<OwnerKey> SiblingsOf(Vlan vlan) =>
        cluster.Vlans.Snapshot.ByIndex(Indexes.ByProvider, VlanPlan.ProviderOf(vlan, cluster.Defaults.ProviderNetwork))
            .SelectMany(other => SubnetsOn(other).Append(Self(other)));

    private IEnumerable<OwnerKey> SubnetsOn(Vlan vlan) => cluster.Subnets.Snapshot.ByIndex(Indexes.ByVlan, vlan.Metadata.Name).Select(Self);

    /// <summary>The VPC of a subnet and those that are connected to it, and those that want ports of the same names.</summary>
    private IEnumerable<OwnerKey> VpcsOf(Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        var connected = cluster.Vpcs.Snapshot.All
            .Where(vpc => (vpc.Spec.EnableExternal == true || vpc.Metadata.Name == cluster.Defaults.Vpc) && IsExternalOf(vpc, name))
            .Select(vpc => vpc.Metadata.Name);
        foreach (var vpc in cluster.Defaults.VpcOf(subnet) is { } own ? connected.Append(own) : connected)
        {
            yield return Keys.Vpc(vpc);
            foreach (var rival in RivalsOf(vpc, name))
                yield return rival;
        }
    }

    /// <summary>VPCs that want ports of the same names as a VPC.</summary>
    private IEnumerable<OwnerKey> RivalsOf(Vpc vpc)
    {
        var name = vpc.Metadata.Name;
        var subnets = cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, name).Select(subnet => subnet.Metadata.Name);
        return subnets.Append(cluster.Defaults.ExternalSubnet).Concat(vpc.Spec.ExtraExternalSubnets ?? []).SelectMany(subnet => RivalsOf(name, subnet));
    }

    private IEnumerable<OwnerKey> RivalsOf(string vpc, string subnet) =>
        RouterPortNames.Rivals(vpc, subnet).Where(rival => cluster.Vpcs.Find(rival.Vpc) is not null).Select(rival => Keys.Vpc(rival.Vpc));

    private bool IsExternalOf(Vpc vpc, string subnet) =>
        subnet == cluster.Defaults.ExternalSubnet || (vpc.Spec.ExtraExternalSubnets ?? []).Contains(subnet);

    /// <summary>Subnets that compete with it for addresses.</summary>
    private IEnumerable<OwnerKey> SiblingsOf(Subnet subnet) =>
        cluster.Defaults.VpcOf(subnet) is { } vpc ? cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, vpc).Select(Self) : [];

    /// <summary>Who shows the subnet: its Vlan, and the namespaces whose pods get it.</summary>
    private IEnumerable<OwnerKey> NamersOf(Subnet subnet)
    {
        var namespaces = cluster.Namespaces.Snapshot.All.Select(Self);
        return string.IsNullOrEmpty(subnet.Spec.Vlan) ? namespaces : namespaces.Append(Keys.Vlan(subnet.Spec.Vlan));
    }

    /// <summary>What has addresses of the subnet, and what waits for it.</summary>
    private IEnumerable<OwnerKey> UsersOf(Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        return cluster.Eips.Snapshot.ByIndex(Indexes.BySubnet, name).Select(Self)
            .Concat(cluster.Vips.Snapshot.ByIndex(Indexes.BySubnet, name).Select(Self))
            .Concat(cluster.Ips.Snapshot.ByIndex(Indexes.BySubnet, name).Select(Keys.OfPort))
            .Concat(name == cluster.Defaults.NodeSubnet ? AllNodes : []);
    }

    private IEnumerable<OwnerKey> SubnetsOf(Vpc vpc) =>
        cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, vpc.Metadata.Name).Select(Self).Append(Keys.Subnet(vpc.Metadata.Name));

    private static IEnumerable<OwnerKey> NamespacesOf(Vpc vpc) => (vpc.Spec.Namespaces ?? []).Select(Keys.Namespace);

    private IEnumerable<OwnerKey> RouterEipsOf(Vpc vpc) => cluster.Eips.Snapshot.ByIndex(Indexes.ByRouter, vpc.Metadata.Name).Select(Self);

    /// <summary>The VPC whose router may have an OvnEip, by the name.</summary>
    private IEnumerable<OwnerKey> RouterOf(OvnEip eip) =>
        RouterPortNames.VpcOf(eip.Metadata.Name, cluster.Defaults.SubnetOf(eip)) is { } vpc ? [Keys.Vpc(vpc)] : [];

    /// <summary>VPCs that may leave over the port of a gateway node.</summary>
    private IEnumerable<OwnerKey> VpcsOver(OvnEip eip) =>
        eip.Spec.Type == EipTypes.Lsp ? cluster.Vpcs.Snapshot.All.Where(vpc => vpc.Spec.EnableBfd == true).Select(Self) : [];

    /// <summary>What a rule names: its users have changed.</summary>
    private IEnumerable<OwnerKey> Named(string? eip, string? target)
    {
        if (!string.IsNullOrEmpty(eip))
            yield return Keys.OvnEip(eip);
        if (string.IsNullOrEmpty(target))
            yield break;
        yield return Keys.Vip(target);
        if (cluster.Ips.Find(target) is { } ip)
            yield return Keys.OfPort(ip);
    }

    /// <summary>Traffic of the default VPC's subnets leaves through the ports of nodes.</summary>
    private IEnumerable<OwnerKey> LeavingThrough(Ip ip) => Keys.OfPort(ip).Kind == Keys.NodeKind ? DefaultVpcSubnets : [];

    /// <summary>The VPC that serves the annotations of a pod.</summary>
    private IEnumerable<OwnerKey> TranslatedIn(Pod pod) => AnnotatedPod.Asks(pod) ? [Keys.Vpc(cluster.Defaults.Vpc)] : [];

    private IEnumerable<OwnerKey> TranslatedIn(Ip ip) =>
        ip.Spec is { PodName: { Length: > 0 } name, Namespace: { Length: > 0 } ns } && cluster.Pods.Snapshot.Find(new ObjectKey(ns, name)) is { } pod
            ? TranslatedIn(pod)
            : [];

    /// <summary>The Vips that pods of a namespace may carry.</summary>
    private static IEnumerable<OwnerKey> VipsOf(Pod pod) => Indexes.VipsOf(pod).Select(Keys.Vip);

    /// <summary>Pods that have the addresses of a Vip, carry it, or wait to.</summary>
    private IEnumerable<OwnerKey> PodsOf(Vip vip) => cluster.Pods.Snapshot.ByIndex(Indexes.ByVip, vip.Metadata.Name).Select(Self);

    /// <summary>The Vip whose addresses an IP has, and the pods that wait for it.</summary>
    private IEnumerable<OwnerKey> VipOf(Ip ip) => Plan.Ports.PodVip.Of(ip) is { } vip
        ? cluster.Pods.Snapshot.ByIndex(Indexes.ByVip, vip).Select(Self).Append(Keys.Vip(vip))
        : [];

    /// <summary>Pods that name a subnet, whether they have their port there or not.</summary>
    private IEnumerable<OwnerKey> PodsIn(Subnet subnet) => cluster.Pods.Snapshot.ByIndex(Indexes.BySubnet, subnet.Metadata.Name).Select(Self);

    /// <summary>Pods that name a subnet of a VPC, or one that it is connected to, and those of its namespaces.</summary>
    private IEnumerable<OwnerKey> PodsIn(Vpc vpc)
    {
        var subnets = cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, vpc.Metadata.Name).Select(subnet => subnet.Metadata.Name);
        return subnets.Concat(vpc.Spec.ExtraExternalSubnets ?? []).SelectMany(subnet => cluster.Pods.Snapshot.ByIndex(Indexes.BySubnet, subnet))
            .Concat((vpc.Spec.Namespaces ?? []).SelectMany(ns => cluster.Pods.Snapshot.ByIndex(Indexes.ByNamespace, ns)))
            .Select(Self);
    }

    private IEnumerable<OwnerKey> PodsIn(Namespace ns) => cluster.Pods.Snapshot.ByIndex(Indexes.ByNamespace, ns.Metadata.Name).Select(Self);

    /// <summary>Pods whose place in a pool follows from the first number of the set.</summary>
    private IEnumerable<OwnerKey> PodsOf(StatefulSet set) => cluster.Pods.Snapshot.ByIndex(Indexes.ByNamespace, set.Metadata.Namespace ?? "")
        .Where(pod => Plan.Ports.PodRequest.StatefulSetOf(pod.Metadata)?.Set.Uid == set.Metadata.Uid)
        .Select(Self);

    private IEnumerable<OwnerKey> KeptFor(StatefulSet set) => cluster.Ips.Snapshot.ByIndex(Indexes.ByStatefulSet, set.Key.ToString()).Select(Keys.OfPort);

    /// <param name="keys">Whatever has changed, these are worked on.</param>
    /// <param name="dependents">Only when what others read of the object has changed, these are worked on, too.</param>
    private void On<T>(Resource<T> resource, Func<T, IEnumerable<OwnerKey>> keys, Func<T, IEnumerable<OwnerKey>> dependents, Func<T, T, bool> hasMoved)
        where T : KubeObject
    {
        On(resource, keys, static (_, _) => true);
        On(resource, dependents, hasMoved);
    }

    private void On<T>(Resource<T> resource, Func<T, OwnerKey> self, Func<T, IEnumerable<OwnerKey>> dependents, Func<T, T, bool> hasMoved)
        where T : KubeObject => On(resource, item => [self(item)], dependents, hasMoved);

    private void On<T>(Resource<T> resource, Func<T, IEnumerable<OwnerKey>> keys, Func<T, T, bool> hasMoved)
        where T : KubeObject =>
        resource.Informer.Changed += (old, item) =>
        {
            if (!_isLive || (old is not null && item is not null && !hasMoved(old, item)))
                return;
            if (old is not null)
                Enqueue(keys(old));
            if (item is not null)
                Enqueue(keys(item));
        };

    private void OnRemoved<T>(Resource<T> resource, Func<T, OwnerKey?> keyOf)
        where T : KubeObject =>
        resource.Informer.Changed += (old, item) =>
        {
            if (_isLive && item is null && keyOf(old!) is { } key)
                queue.Add(key);
        };

    private void Enqueue(IEnumerable<OwnerKey> keys)
    {
        foreach (var key in keys)
            queue.Add(key);
    }
}
