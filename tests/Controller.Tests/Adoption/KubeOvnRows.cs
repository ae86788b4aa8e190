using System.Security.Cryptography;
using System.Text;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Tests.Adoption;

/// <summary>Which release of Kube-OVN wrote the rows.</summary>
internal enum KubeOvnRelease
{
    /// <summary>The branch of the walkthrough: static routes without a mark, a misspelt option on FIPs.</summary>
    V1_12,

    /// <summary>Routes with a mark, one more of them per subnet, FIPs that name the pod's port.</summary>
    V1_17,
}

/// <summary>
/// The northbound rows that Kube-OVN makes of the objects of a cluster, written the way it writes them: marked with its vendor for the
/// most part, never with an owner.
/// </summary>
/// <param name="sourceRoutes">Whether 1.17 adds its route by source per subnet, with which only its own build of OVN forwards packets.</param>
internal sealed class KubeOvnRows(KubeClient kube, KubeOvnRelease release, bool sourceRoutes = true, string defaultVpc = "ovn-cluster", string join = "join")
{
    private static readonly (string, string) Vendor = ("external_ids:vendor", "kube-ovn");

    private readonly NbctlScript _script = new();
    private int _macs;

    /// <summary>The arguments of <c>ovn-nbctl</c> that write the rows in one transaction.</summary>
    /// <param name="extra">Writes more, before the transaction ends.</param>
    public async Task<IReadOnlyList<string>> WriteAsync(Action<KubeOvnRows>? extra = null)
    {
        var subnets = await ListAsync(SluiceResources.Subnets);
        var nodes = await ListAsync(CoreResources.Nodes);
        foreach (var vpc in await ListAsync(SluiceResources.Vpcs))
            AddRouter(vpc);
        var vlans = (await ListAsync(SluiceResources.Vlans)).ToDictionary(vlan => vlan.Metadata.Name);
        foreach (var subnet in subnets)
            AddSwitch(subnet, vlans);
        var ips = await ListAsync(SluiceResources.Ips);
        foreach (var ip in ips)
            AddPort(ip);
        foreach (var eip in (await ListAsync(SluiceResources.OvnEips)).Where(eip => eip.Spec.Type == EipTypes.Lrp))
            AddExternalPort(eip, subnets.Single(subnet => subnet.Metadata.Name == eip.Spec.ExternalSubnet), nodes);
        foreach (var node in nodes)
            AddNodePolicies(node, ips.SingleOrDefault(ip => ip.Metadata.Name == Names.NodePort(node.Metadata.Name)), subnets);
        foreach (var fip in await ListAsync(SluiceResources.OvnFips))
            AddFip(fip, ips.SingleOrDefault(ip => ip.Metadata.Name == fip.Spec.IpName && fip.Spec.IpType != "vip"));
        foreach (var snat in await ListAsync(SluiceResources.OvnSnatRules))
            AddNat(snat.Status!.Vpc!, "snat", snat.Status.V4Eip!, snat.Status.V4IpCidr!);
        foreach (var dnat in await ListAsync(SluiceResources.OvnDnatRules))
            AddDnat(dnat);
        extra?.Invoke(this);
        return _script.Arguments;
    }

    /// <summary>A row in a router's set, with whatever content.</summary>
    public void AddToRouter(string vpc, string set, string table, params IEnumerable<(string, string)> columns) =>
        _script.Create("Logical_Router", vpc, set, table, columns);

    /// <summary>A row in a switch's set, with whatever content.</summary>
    public void AddToSwitch(string subnet, string set, string table, params IEnumerable<(string, string)> columns) =>
        _script.Create("Logical_Switch", subnet, set, table, columns);

    /// <summary>A row that is in no set, with whatever content.</summary>
    public void Add(string table, params IEnumerable<(string, string)> columns) => _script.Create(table, columns);

    /// <summary>A chassis of a router port.</summary>
    public void AddGatewayChassis(string port, string chassis, int priority) => _script.Create(
        "Logical_Router_Port", port, "gateway_chassis", "Gateway_Chassis",
        ("name", $"{port}-{chassis}"), ("chassis_name", chassis), ("priority", $"{priority}"), ("external_ids:lrp", port));

    /// <summary>A NAT row; these carry no mark.</summary>
    public void AddNat(string vpc, string type, string external, string logical, params IEnumerable<(string, string)> columns) =>
        AddToRouter(vpc, "nat", "NAT", [("type", type), ("external_ip", external), ("logical_ip", logical), .. columns]);

    private void AddRouter(Vpc vpc)
    {
        var name = vpc.Metadata.Name;
        List<(string, string)> columns =
        [
            ("name", name), Vendor, ("options:mac_binding_age_threshold", "300"), ("options:dynamic_neigh_routers", "true"),
        ];
        if (vpc.Spec.EnableExternal != true)
            columns.Add(("options:always_learn_from_arp_request", "false"));
        _script.Create("Logical_Router", columns);
    }

    private void AddSwitch(Subnet subnet, Dictionary<string, Vlan> vlans)
    {
        var name = subnet.Metadata.Name;
        _script.Create("Logical_Switch", ("name", name), Vendor);
        if (!string.IsNullOrEmpty(subnet.Spec.Vlan))
        {
            var vlan = vlans[subnet.Spec.Vlan];
            AddToSwitch(
                name, "ports", "Logical_Switch_Port", ("name", Names.LocalnetPort(name)), ("type", "localnet"), ("addresses", "unknown"),
                ("options:network_name", vlan.Spec.Provider!), ("tag", $"{vlan.Spec.Id}"), ("external_ids:ls", name), Vendor,
                ("external_ids:ipv4_network", subnet.Spec.CidrBlock!));
            return;
        }

        var vpc = string.IsNullOrEmpty(subnet.Spec.Vpc) ? defaultVpc : subnet.Spec.Vpc;
        var (network, length) = (subnet.Spec.Gateway!, subnet.Spec.CidrBlock!.Split('/')[1]);
        AddRouterPort(vpc, name, $"00:00:00:ed:8e:{_macs++:x2}", $"{network}/{length}");
        if (name == join)
            AddRoute(vpc, "dst-ip", "0.0.0.0/0", network);
        if (vpc == defaultVpc)
            AddPolicy(vpc, 31000, $"ip4.dst == {subnet.Spec.CidrBlock}", "allow", ("external_ids:subnet", name));
        if (vpc != defaultVpc && release == KubeOvnRelease.V1_17 && sourceRoutes)
            AddRoute(vpc, "src-ip", subnet.Spec.CidrBlock, network);
    }

    private void AddRouterPort(string vpc, string subnet, string mac, string network)
    {
        var port = Names.RouterPort(vpc, subnet);
        _script.Create(
            "Logical_Router", vpc, "ports", "Logical_Router_Port",
            ("name", port), ("mac", mac), ("networks", network), ("external_ids:lr", vpc), Vendor);
        AddToSwitch(
            subnet, "ports", "Logical_Switch_Port", ("name", Names.SwitchPort(subnet, vpc)), ("type", "router"), ("addresses", "router"),
            ("options:router-port", port), ("external_ids:ls", subnet), Vendor);
    }

    private void AddPort(Ip ip) => AddToSwitch(
        ip.Spec.Subnet!, "ports", "Logical_Switch_Port",
        [
            ("name", ip.Metadata.Name), ("addresses", $"{ip.Spec.MacAddress} {ip.Spec.V4IpAddress}"), ("external_ids:ls", ip.Spec.Subnet!), Vendor,
            .. string.IsNullOrEmpty(ip.Spec.Namespace) ? ((string, string)[])[] : [("external_ids:pod", $"{ip.Spec.Namespace}/{ip.Spec.PodName}")],
        ]);

    /// <summary>The port of a router in an external subnet, its gateway chassis and the default route over it, which users of 1.17 add by hand.</summary>
    private void AddExternalPort(OvnEip eip, Subnet subnet, IReadOnlyList<Node> nodes)
    {
        var external = subnet.Metadata.Name;
        var vpc = eip.Metadata.Name[..^(external.Length + 1)];
        AddRouterPort(vpc, external, eip.Status!.MacAddress!, $"{eip.Status.V4Ip}/{subnet.Spec.CidrBlock!.Split('/')[1]}");
        var priority = 100;
        var chassis = nodes.Where(node => node.Metadata.Label(Names.Labels.ExternalGateway) == "true").Select(node => node.Metadata.Annotation(Names.Annotations.Chassis)!);
        foreach (var name in release == KubeOvnRelease.V1_12 ? chassis : chassis.OrderBy(name => Hash(vpc + name), StringComparer.Ordinal))
            AddGatewayChassis(eip.Metadata.Name, name, priority--);
        if (vpc != defaultVpc)
            AddRoute(vpc, "dst-ip", "0.0.0.0/0", subnet.Spec.Gateway!);
    }

    /// <summary>How the node is reached from the default VPC, and how pods of its subnets leave by their node.</summary>
    private void AddNodePolicies(Node node, Ip? port, IReadOnlyList<Subnet> subnets)
    {
        var (name, address) = (node.Metadata.Name, node.Status.Addresses?.First(address => address.Type == "InternalIP").Address);
        if (port?.Spec.V4IpAddress is not { } hop || address is null)
            return;
        AddPolicy(
            defaultVpc, 30000, $"ip4.dst == {address}", "reroute",
            ("nexthops", hop), ("external_ids:node", name), ("external_ids:address-family", "4"));
        foreach (var subnet in subnets.Where(subnet => subnet.Spec.Vpc == defaultVpc && subnet.Spec.Vlan is null or "" && subnet.Metadata.Name != join))
        {
            var group = $"{subnet.Metadata.Name}.{name}".Replace('-', '.');
            Add(
                "Port_Group", ("name", group), Vendor, ("external_ids:subnet", subnet.Metadata.Name), ("external_ids:node", name),
                ("external_ids:np", $"{subnet.Metadata.Name}/{name}"));
            AddPolicy(
                defaultVpc, 29000, $"ip4.src == ${group}_ip4", "reroute",
                ("nexthops", hop), ("external_ids:subnet", subnet.Metadata.Name), ("external_ids:node", name));
        }
    }

    private void AddFip(OvnFip fip, Ip? ip)
    {
        List<(string, string)> columns = [(release == KubeOvnRelease.V1_12 ? "options:staleless" : "options:stateless", "false")];
        if (release == KubeOvnRelease.V1_17)
        {
            // Whatever the type says, and for a Vip it is no port at all.
            columns.Add(("logical_port", fip.Spec.IpName!));
            if (ip is not null)
                columns.Add(("external_mac", ip.Spec.MacAddress!));
        }
        AddNat(fip.Status!.Vpc!, "dnat_and_snat", fip.Status.V4Eip!, fip.Status.V4Ip!, columns);
    }

    private void AddDnat(OvnDnatRule rule)
    {
        var status = rule.Status!;
        var balancer = _script.Create(
            "Load_Balancer",
            [
                ("name", rule.Metadata.Name), ("protocol", status.Protocol!), Vendor,
                ($"vips:\"{status.V4Eip}:{status.ExternalPort}\"", $"{status.V4Ip}:{status.InternalPort}"),
                .. status.Protocol == "udp" ? ((string, string)[])[("options:ct_flush", "true")] : [],
            ]);
        _script.AddTo("Logical_Router", status.Vpc!, "load_balancer", balancer);
    }

    private void AddRoute(string vpc, string policy, string prefix, string nextHop) => AddToRouter(
        vpc, "static_routes", "Logical_Router_Static_Route",
        [
            ("policy", policy), ("ip_prefix", prefix), ("nexthop", nextHop),
            .. release == KubeOvnRelease.V1_17 ? ((string, string)[])[Vendor] : [],
        ]);

    private void AddPolicy(string vpc, int priority, string match, string action, params IEnumerable<(string, string)> columns) => AddToRouter(
        vpc, "policies", "Logical_Router_Policy", [("priority", $"{priority}"), ("match", match), ("action", action), Vendor, .. columns]);

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<IReadOnlyList<T>> ListAsync<T>(ResourceType<T> type)
        where T : KubeObject => (await kube.ListAsync(type)).Items;
}
