using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Namespaces;
using Sluice.Plan.Nodes;
using Sluice.Plan.Ports;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Subnets;
using Sluice.Plan.Tests.Vpcs;
using Lease = Sluice.Plan.Addressing.Lease;

namespace Sluice.Plan.Tests.Networks;

/// <summary>
/// A cluster in memory: the objects that subnets, addresses and ports are planned from. Plans run over all of them until nothing changes
/// any more.
/// </summary>
internal sealed class NetworkWorld
{
    private const string DefaultSubnet = "ovn-default";
    private const string ExternalSubnet = "external204";

    private readonly Dictionary<string, Vpc> _vpcs = [];
    private readonly Dictionary<string, Namespace> _namespaces = [];
    private readonly Dictionary<string, Node> _nodes = [];
    private readonly Dictionary<string, Pod> _pods = [];
    private readonly Dictionary<string, StatefulSet> _sets = [];
    private readonly Dictionary<string, OvnFip> _fips = [];
    private readonly Dictionary<string, SubnetPool> _pools = [];
    private readonly SubnetSettings _settings = new()
    {
        ServiceCidrs = [Cidr.Parse("10.96.0.0/12"), Cidr.Parse("fd00:10:96::/112")],
        NodeLocalDns = [IpAddress.Parse("fd00::10")],
    };

    public Dictionary<string, ProviderNetwork> ProviderNetworks { get; } = [];
    public Dictionary<string, Vlan> Vlans { get; } = [];
    public Dictionary<string, Subnet> Subnets { get; } = [];
    public Dictionary<string, Ip> Ips { get; } = [];
    public Dictionary<string, Vip> Vips { get; } = [];
    public Dictionary<string, OvnEip> Eips { get; } = [];

    /// <summary>The rows of each owner after its last plan.</summary>
    public SortedDictionary<string, IReadOnlyList<DesiredRow>> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>What pods, nodes and namespaces are told, and why a pod has no network.</summary>
    public SortedDictionary<string, IReadOnlyList<string>> Notes { get; } = new(StringComparer.Ordinal);

    public static NetworkWorld Load(string yaml)
    {
        var world = new NetworkWorld();
        foreach (var document in Yaml.Documents(yaml)) world.Add(document);
        return world;
    }

    /// <summary>Runs all plans until nothing changes any more.</summary>
    public void Settle()
    {
        for (var round = 0; round < 10; round++)
        {
            if (!Run()) return;
        }
        throw new InvalidOperationException("The plans never come to rest");
    }

    /// <summary>Runs all plans once; returns whether anything changed.</summary>
    public bool Run()
    {
        var changed = false;
        foreach (var network in ProviderNetworks.Values.ToList()) changed |= Store(ProviderNetworks, ProviderNetworkPlan.For(Input(network)).Change);
        foreach (var vlan in Vlans.Values.ToList()) changed |= Store(Vlans, VlanPlan.For(Input(vlan)).Change);
        foreach (var name in Subnets.Keys.ToList()) changed |= RunSubnet(name);
        foreach (var node in _nodes.Values.ToList()) changed |= RunNode(node);
        foreach (var pod in _pods.Values.ToList()) changed |= RunPod(pod);
        foreach (var ns in _namespaces.Values) Note(ns, NamespacePlan.Annotations(NamespacePlan.SubnetsOf(ns, Subnets.Values, _vpcs.Values, DefaultSubnet)));
        foreach (var eip in Eips.Values.OrderBy(eip => eip, Comparer<OvnEip>.Create((a, b) => Age.IsOlder(a, b) ? -1 : 1)).ToList()) changed |= RunEip(eip);
        foreach (var vip in Vips.Values.ToList()) changed |= RunVip(vip);
        return changed;
    }

    private void Add(JsonObject document)
    {
        switch ((string?)document["kind"])
        {
            case "ProviderNetwork": Add(ProviderNetworks, document, SluiceResources.ProviderNetworks.Json); break;
            case "Vlan": Add(Vlans, document, SluiceResources.Vlans.Json); break;
            case "Subnet": Add(Subnets, document, SluiceResources.Subnets.Json); break;
            case "Vpc": Add(_vpcs, document, SluiceResources.Vpcs.Json); break;
            case "OvnEip": Add(Eips, document, SluiceResources.OvnEips.Json); break;
            case "OvnFip": Add(_fips, document, SluiceResources.OvnFips.Json); break;
            case "Vip": Add(Vips, document, SluiceResources.Vips.Json); break;
            case "IP": Add(Ips, document, SluiceResources.Ips.Json); break;
            case "Node": Add(_nodes, document, CoreResources.Nodes.Json); break;
            case "Pod": Add(_pods, document, CoreResources.Pods.Json); break;
            case "StatefulSet": Add(_sets, document, CoreResources.StatefulSets.Json); break;
            case "Namespace": Add(_namespaces, document, CoreResources.Namespaces.Json); break;
            default: throw new ArgumentException($"no such kind: {document["kind"]}", nameof(document));
        }
    }

    private static void Add<T>(Dictionary<string, T> objects, JsonObject document, JsonTypeInfo<T> json)
        where T : KubeObject
    {
        var item = document.Deserialize(json)!;
        objects.Add(item.Metadata.Name, item);
    }

    private static bool Store<T>(Dictionary<string, T> objects, Change<T> change)
        where T : KubeObject
    {
        if (change.Desired.Equals(change.Observed)) return false;
        var desired = change.Desired;
        if (desired.Metadata is { IsDeleting: true, Finalizers: null or { Count: 0 } }) objects.Remove(desired.Metadata.Name);
        else objects[desired.Metadata.Name] = desired;
        return true;
    }

    private ProviderNetworkInput Input(ProviderNetwork network) => new()
    {
        ProviderNetwork = network,
        Nodes = [.. _nodes.Values],
        Errors = _nodes.Values
            .Select(node => (node.Metadata.Name, Text: node.Metadata.Annotation(Names.Annotations.ProviderNetworkError(network.Metadata.Name))))
            .Where(error => error.Text is not null)
            .ToDictionary(error => error.Name, error => error.Text!),
        Vlans = [.. Vlans.Values.Where(vlan => VlanPlan.ProviderOf(vlan, _settings.DefaultProvider) == network.Metadata.Name)],
        Occupied =
        [
            .. Vlans.Values.Where(vlan => VlanPlan.ProviderOf(vlan, _settings.DefaultProvider) == network.Metadata.Name).SelectMany(OccupiedOn),
        ],
        OnNodes = Ips.Values.Where(ip => ip.Spec.NodeName is { } node && ip.Metadata.Name != Names.NodePort(node))
            .GroupBy(ip => ip.Spec.NodeName!, ip => new AddressUser("IP", ip.Metadata.Name, false))
            .ToDictionary(node => node.Key, IReadOnlyCollection<AddressUser> (node) => [.. node]),
    };

    private IEnumerable<AddressUser> OccupiedOn(Vlan vlan) =>
        from subnet in Subnets.Values
        where subnet.Spec.Vlan == vlan.Metadata.Name && !UsersOf(subnet.Metadata.Name).IsEmpty
        select new AddressUser(nameof(Subnet), subnet.Metadata.Name, subnet.Metadata.IsDeleting);

    private VlanInput Input(Vlan vlan) => new()
    {
        Vlan = vlan,
        DefaultProvider = _settings.DefaultProvider,
        Siblings = [.. Siblings(vlan)],
        WrittenSiblings = [.. Siblings((Vlan)vlan.AsWritten())],
        Occupied = [.. OccupiedOn(vlan)],
        Subnets = [.. Subnets.Values.Where(subnet => subnet.Spec.Vlan == vlan.Metadata.Name)],
        ProviderNetwork = ProviderNetworks.GetValueOrDefault(VlanPlan.ProviderOf(vlan, _settings.DefaultProvider)),
    };

    private IEnumerable<Vlan> Siblings(Vlan vlan) => Vlans.Values.Where(other =>
        other.Metadata.Name != vlan.Metadata.Name && VlanPlan.ProviderOf(other, _settings.DefaultProvider) == VlanPlan.ProviderOf(vlan, _settings.DefaultProvider));

    private bool RunSubnet(string name)
    {
        var changed = Store(Subnets, SubnetPlan.For(Input(Subnets[name])).Definition);
        if (!Subnets.TryGetValue(name, out var subnet)) return Rows.Remove($"Subnet/{name}") | changed;

        if (SubnetPlan.For(Input(subnet)).Acceptance is { } acceptance) changed |= Store(Subnets, acceptance);
        subnet = Subnets[name];
        var plan = SubnetPlan.For(Input(subnet));
        if (plan.Rows is { } rows) Rows[$"Subnet/{name}"] = rows;
        return Store(Subnets, plan.Status) | changed;
    }

    private SubnetInput Input(Subnet subnet)
    {
        var input = InputOf(subnet);
        if (subnet.Status?.Accepted is null || subnet.WrittenSpec == subnet.Spec) return input;
        return input with
        {
            Written = InputOf((Subnet)subnet.AsWritten()),
            Losers = SubnetEdit.AddressesOf(subnet) is { } written
                ? [.. from eip in Eips.Values
                      let claim = AddressClaims.Of(eip, SubnetOf(eip))
                      where claim.Subnet == subnet.Metadata.Name && claim.Held.ToArray().Any(address => written.Check(address) is not null)
                      select new AddressUser(claim.Owner.Kind, claim.Owner.Name, false)]
                : [],
        };
    }

    private SubnetInput InputOf(Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        var vpc = string.IsNullOrEmpty(subnet.Spec.Vpc) ? _settings.DefaultVpc : subnet.Spec.Vpc;
        var vlan = Vlans.GetValueOrDefault(subnet.Spec.Vlan ?? "");
        return new()
        {
            Subnet = subnet,
            Settings = _settings,
            Vpc = _vpcs.GetValueOrDefault(vpc),
            VpcHasItsName = _vpcs.ContainsKey(name),
            Vlan = vlan,
            VlanRival = vlan is null ? null : VlanPlan.Rival(vlan, Siblings(vlan)),
            Siblings = [.. Subnets.Values.Where(other => other.Metadata.Name != name && (other.Spec.Vpc ?? _settings.DefaultVpc) == vpc)],
            Nodes = vpc == _settings.DefaultVpc ? [.. _nodes.Values.Select(node => new SubnetNode(node, JoinAddresses(node)))] : [],
            ExternalSubnets =
            [
                .. Plan.Vpcs.ExternalSubnets.ConnectedTo(_vpcs.GetValueOrDefault(vpc), new() { DefaultExternalSubnet = ExternalSubnet })
                    .Where(other => other != name).Select(other => Subnets.GetValueOrDefault(other)).OfType<Subnet>(),
            ],
            NodeCidrs = DualStack<Cidr>.TryParse(Subnets.GetValueOrDefault("join")?.Spec.CidrBlock, out var cidrs) ? cidrs : default,
            Usage = Pool(name) is { } pool ? SubnetUsage.Of(pool) : null,
            Users = UsersOf(name),
        };
    }

    private ImmutableArray<AddressUser> UsersOf(string subnet) =>
    [
        .. Eips.Values.Where(eip => SubnetOf(eip) == subnet).Select(eip => new AddressUser(nameof(OvnEip), eip.Metadata.Name, false)),
        .. Ips.Values.Where(ip => ip.Spec.Subnet == subnet).Select(ip => new AddressUser("IP", ip.Metadata.Name, false)),
    ];

    private DualStack<IpAddress> JoinAddresses(Node node) =>
        DualStack<IpAddress>.TryParse(Ips.GetValueOrDefault(Names.NodePort(node.Metadata.Name))?.Spec.IpAddress, out var addresses) ? addresses : default;

    private bool RunNode(Node node)
    {
        var name = Names.NodePort(node.Metadata.Name);
        var ip = Ips.GetValueOrDefault(name);
        var grant = Claim(ip is null ? AddressClaims.ForNewIp(name, "join", node.Metadata) : AddressClaims.Of(ip));
        if (grant.Lease is not { } lease) return false;

        var input = new NodeInput { Node = node, JoinSubnet = Subnets["join"], Lease = lease, DefaultVpc = _settings.DefaultVpc };
        Rows[$"Node/{node.Metadata.Name}"] = NodePlan.Rows(input);
        Note(node, NodePlan.Annotations(input));
        return StoreRecord(ip, NodePlan.Record(input, ip));
    }

    private bool RunPod(Pod pod)
    {
        if (!PortPlan.NeedsPort(pod)) return false;
        var ip = Ips.GetValueOrDefault(PortPlan.PortName(pod.Metadata));
        var request = PodRequest.Of(pod, ip is not null, PodRequest.StatefulSetOf(pod.Metadata) is var (set, _) ? _sets.GetValueOrDefault(set.Name) : null);
        if (request.Problem is { } problem)
        {
            Notes[$"Pod/{pod.Metadata.Name}"] = [$"{problem.Reason}: {problem.Message}"];
            return false;
        }
        var subnet = request.Subnet is { } wanted
            ? Subnets.GetValueOrDefault(wanted)
            : NamespacePlan.SubnetsOf(_namespaces[pod.Metadata.Namespace!], Subnets.Values, _vpcs.Values, DefaultSubnet).FirstOrDefault();
        var claim = ip is null ? AddressClaims.ForNewIp(PortPlan.PortName(pod.Metadata), subnet!.Metadata.Name, pod.Metadata) : AddressClaims.Of(ip);
        var fields = new AddressTexts(request.AddressField, request.AddressField, PodAnnotations.Default.MacAddress);
        var grant = Claim(request.Addresses is [var first, ..] ? claim.Wanting(first, fields) : claim);
        if (grant.Lease is not { } lease)
        {
            Notes[$"Pod/{pod.Metadata.Name}"] = [$"{grant.Refusal!.Reason}: {grant.Refusal.Message}"];
            return false;
        }

        var input = new PortInput
        {
            Pod = pod,
            Subnet = subnet!,
            Lease = lease,
            Vlan = Vlans.GetValueOrDefault(subnet!.Spec.Vlan ?? ""),
            AllowedVips = AllowedPairs.Of(pod, subnet.Metadata.Name, name => Vips.GetValueOrDefault(name)).Allowed,
            Settings = _settings,
        };
        Rows[$"Port/{pod.Metadata.Name}"] = PortPlan.Rows(input);
        Note(pod, PortPlan.Annotations(input));
        return StoreRecord(ip, PortPlan.Record(input, ip));
    }

    private bool StoreRecord(Ip? ip, Ip record)
    {
        if (record.Equals(ip)) return false;
        Ips[record.Metadata.Name] = record;
        return true;
    }

    private bool RunEip(OvnEip eip)
    {
        var plan = EipPlan.For(new()
        {
            Eip = eip,
            Subnet = SubnetOf(eip),
            Grant = Claim(AddressClaims.Of(eip, SubnetOf(eip))),
            Users =
            [
                .. _fips.Values.Where(fip => fip.Spec.OvnEip == eip.Metadata.Name)
                    .Select(fip => new AddressUser(nameof(OvnFip), fip.Metadata.Name, fip.Metadata.IsDeleting)),
            ],
            HasNode = _nodes.ContainsKey(eip.Metadata.Name),
            IsPortUp = eip.Metadata.Annotation("test/up") == "true",
        });
        Rows[$"OvnEip/{eip.Metadata.Name}"] = plan.Rows;
        return Store(Eips, plan.Change);
    }

    private bool RunVip(Vip vip)
    {
        var plan = VipPlan.For(new()
        {
            Vip = vip,
            Grant = Claim(AddressClaims.Of(vip)),
            RouterMac = MacAddress.TryParse("02:00:00:00:00:01", out var mac) ? mac : null,
            Parents = [.. _pods.Values.Where(pod => AllowedPairs.MayCarry(pod, vip)).Select(pod => PortPlan.PortName(pod.Metadata))],
            Users =
            [
                .. _fips.Values.Where(fip => fip.Spec.IpType == IpTypes.Vip && fip.Spec.IpName == vip.Metadata.Name)
                    .Select(fip => new AddressUser(nameof(OvnFip), fip.Metadata.Name, fip.Metadata.IsDeleting)),
            ],
        });
        Rows[$"Vip/{vip.Metadata.Name}"] = plan.Rows;
        return Store(Vips, plan.Change);
    }

    private static string SubnetOf(OvnEip eip) => string.IsNullOrEmpty(eip.Spec.ExternalSubnet) ? ExternalSubnet : eip.Spec.ExternalSubnet;

    private AddressGrant Claim(AddressClaim claim)
    {
        if (Pool(claim.Subnet) is not { } pool)
            return new(null, new(AddressReasons.SubnetNotFound, $"{claim.SubnetField}: Subnet \"{claim.Subnet}\" does not exist"));
        Lease? lease = null;
        var refusal = claim.Problem;
        if (refusal is null && pool.TryAcquire(claim.Owner.ToString(), claim.Request, out lease, out refusal)) return new(lease, null);
        if (claim.IsStored) pool.TryAcquire(claim.Owner.ToString(), claim.KeepRequest, out lease, out _);
        return new(lease, AddressRefusal.From(refusal!, claim));
    }

    private SubnetPool? Pool(string subnet)
    {
        if (_pools.TryGetValue(subnet, out var pool)) return pool;
        if (!Subnets.TryGetValue(subnet, out var item) || !SubnetAddresses.TryRead(item.Spec, out var addresses, out _) || addresses.Cidrs.IsEmpty) return null;
        return _pools[subnet] = new SubnetPool(addresses);
    }

    private void Note(KubeObject item, IEnumerable<KeyValuePair<string, string?>> annotations) =>
        Notes[$"{item.GetType().Name}/{item.Metadata.Name}"] =
            [.. annotations.Where(annotation => annotation.Value is not null).Select(annotation => $"{annotation.Key}: {annotation.Value}")];
}
