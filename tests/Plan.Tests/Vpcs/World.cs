using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>
/// A cluster in memory: objects as an API server holds them, rows as the northbound database does, and enough of the other controllers to let the
/// plans of VPCs run until nothing changes any more.
/// </summary>
internal sealed partial class World : IVpcObjects, IRuleReferences
{
    public Dictionary<string, ProviderNetwork> ProviderNetworks { get; } = [];
    public Dictionary<string, Vlan> Vlans { get; } = [];
    public Dictionary<string, Vpc> Vpcs { get; } = [];
    public Dictionary<string, Subnet> Subnets { get; } = [];
    public Dictionary<string, OvnEip> Eips { get; } = [];
    public Dictionary<string, Ip> Ips { get; } = [];
    public Dictionary<string, Vip> Vips { get; } = [];
    public Dictionary<string, OvnFip> Fips { get; } = [];
    public Dictionary<string, OvnSnatRule> SnatRules { get; } = [];
    public Dictionary<string, OvnDnatRule> DnatRules { get; } = [];
    public Dictionary<string, Node> Nodes { get; } = [];
    public Dictionary<string, Pod> Pods { get; } = [];
    public HashSet<string> MissingSwitches { get; } = [];
    public HashSet<string> TakenRows { get; } = [];

    /// <summary>By router port.</summary>
    public Dictionary<string, string> ActiveChassis { get; } = [];

    public Dictionary<string, MacAddress> InheritedMacs { get; } = [];

    public ConfigMap? GatewayConfig { get; set; }

    /// <summary>What the flags say, with what the ConfigMap of the external gateway asks for; the same instance while nothing changes.</summary>
    public VpcSettings Settings
    {
        get
        {
            var settings = field with { Gateway = ReadGateway(field) };
            return settings == field ? field : field = settings;
        }
        set;
    } = new() { DefaultExternalSubnet = "external204" };

    /// <summary>The rows of each owner after its last plan.</summary>
    public Dictionary<string, IReadOnlyList<DesiredRow>> Rows { get; } = [];

    /// <summary>Put in front of every list that a plan is given; the plans must not care.</summary>
    public Func<IEnumerable<object>, IEnumerable<object>> Order { get; set; } = objects => objects;

    /// <summary>A world with these objects; of several with the same name the last.</summary>
    public static World Load(params IEnumerable<string> yamls)
    {
        var world = new World();
        foreach (var document in yamls.SelectMany(Yaml.Documents)) world.Add(document);
        return world;
    }

    public void Add(JsonObject document)
    {
        switch ((string?)document["kind"])
        {
            case "ProviderNetwork": Add(ProviderNetworks, document, SluiceResources.ProviderNetworks.Json); break;
            case "Vlan": Add(Vlans, document, SluiceResources.Vlans.Json); break;
            case "Vpc": Add(Vpcs, document, SluiceResources.Vpcs.Json); break;
            case "Subnet": Add(Subnets, document, SluiceResources.Subnets.Json); break;
            case "OvnEip": Add(Eips, document, SluiceResources.OvnEips.Json); break;
            case "IP": Add(Ips, document, SluiceResources.Ips.Json); break;
            case "Vip": Add(Vips, document, SluiceResources.Vips.Json); break;
            case "OvnFip": Add(Fips, document, SluiceResources.OvnFips.Json); break;
            case "OvnSnatRule": Add(SnatRules, document, SluiceResources.OvnSnatRules.Json); break;
            case "OvnDnatRule": Add(DnatRules, document, SluiceResources.OvnDnatRules.Json); break;
            case "Node": Add(Nodes, document, CoreResources.Nodes.Json); break;
            case "Pod": Add(Pods, document, CoreResources.Pods.Json); break;
            case "ConfigMap": GatewayConfig = document.Deserialize(CoreResources.ConfigMaps.Json); break;
            case "Test": AddSettings(document); break;
            default: throw new ArgumentException($"no such kind: {document["kind"]}", nameof(document));
        }
    }

    private static void Add<T>(Dictionary<string, T> objects, JsonObject document, JsonTypeInfo<T> json)
        where T : KubeObject
    {
        var item = document.Deserialize(json)!;
        objects[item.Metadata.Name] = item;
    }

    private void AddSettings(JsonObject document)
    {
        foreach (var subnet in document["missingSwitches"]?.AsArray() ?? []) MissingSwitches.Add((string)subnet!);
        foreach (var row in document["takenRows"]?.AsArray() ?? []) TakenRows.Add((string)row!);
        foreach (var (port, chassis) in document["activeChassis"]?.AsObject() ?? []) ActiveChassis[port] = (string)chassis!;
        Settings = Settings with
        {
            EnableEipSnat = (bool?)document["enableEipSnat"] ?? Settings.EnableEipSnat,
            DefaultExternalSubnet = (string?)document["defaultExternalSubnet"] ?? Settings.DefaultExternalSubnet,
            ExternalVlan = (int?)(long?)document["externalVlan"] ?? Settings.ExternalVlan,
            Capabilities = new()
            {
                NatGatewayPort = (bool?)document["natGatewayPort"] ?? true,
                LoadBalancersOnSeveralGatewayPorts = (bool?)document["loadBalancersOnSeveralGatewayPorts"] ?? false,
            },
        };
    }

    private ExternalGateway? ReadGateway(VpcSettings settings) => settings.EnableEipSnat
        ? ExternalGatewayReader.Read(new(
            GatewayConfig?.Data,
            Vpcs.GetValueOrDefault(settings.DefaultVpc)?.Metadata.Annotation(ExternalGatewayReader.AcceptedAnnotation),
            settings.DefaultExternalSubnet,
            Subnets.GetValueOrDefault(settings.DefaultExternalSubnet),
            Nodes.ContainsKey,
            () => Shuffled(Nodes.Keys),
            node => Nodes[node].Metadata.Annotation(Names.Annotations.ProviderNetworkError("external204"))))
        : null;

    IEnumerable<GatewayNode> IVpcObjects.GatewayNodes => Shuffled(GatewayNode.Of(Nodes.Values));

    ProviderNetwork? IVpcObjects.NetworkOf(string externalSubnet) =>
        Vlans.GetValueOrDefault(Subnets.GetValueOrDefault(externalSubnet)?.Spec.Vlan ?? "") is { } vlan
            ? ProviderNetworks.GetValueOrDefault(VlanPlan.ProviderOf(vlan, "provider"))
            : null;

    IEnumerable<AnnotatedPod> IVpcObjects.AnnotatedPods => Shuffled(AnnotatedPod.Of(Pods.Values, FindIp, FindSubnet));

    IEnumerable<OvnEip> IVpcObjects.NodeEipsIn(string subnet) =>
        Shuffled(Eips.Values.Where(eip => eip.Spec.Type == EipTypes.Lsp && AddressOwner(eip) == subnet));

    MacAddress? IVpcObjects.InheritedMac(string routerPort) => InheritedMacs.TryGetValue(routerPort, out var mac) ? mac : null;

    string? IVpcObjects.ActiveChassis(string routerPort) => ActiveChassis.GetValueOrDefault(routerPort);

    IEnumerable<string> IVpcObjects.GatewayChassis(string vpc, string routerPort) =>
        GatewayChassisPlan.Read(Shuffled((Rows.GetValueOrDefault(vpc) ?? []).Select(row => row.Row).OfType<GatewayChassis>()), routerPort);

    IEnumerable<BfdSession> IVpcObjects.BfdSessionsOf(string vpc) =>
        Shuffled((Rows.GetValueOrDefault(vpc) ?? []).Select(row => row.Row).OfType<Bfd>()).Select(BfdPlan.Read).Select(session => session with { State = "up" });

    /// <summary>ovn-northd is never behind.</summary>
    IEnumerable<string> IVpcObjects.RunningBfd(string routerPort) =>
        Rows.Values.SelectMany(rows => rows).Select(row => row.Row).OfType<Bfd>().Where(row => row.LogicalPort == routerPort).Select(row => row.DstIp);

    public Vpc? FindVpc(string name) => Vpcs.GetValueOrDefault(name);

    public Subnet? FindSubnet(string name) => Subnets.GetValueOrDefault(name);

    public OvnEip? FindEip(string name) => Eips.GetValueOrDefault(name);

    public Ip? FindIp(string name) => Ips.GetValueOrDefault(name);

    public Vip? FindVip(string name) => Vips.GetValueOrDefault(name);

    IEnumerable<Subnet> IVpcObjects.SubnetsOf(string vpc) => Shuffled(Subnets.Values.Where(subnet => SubnetPorts.VpcOf(subnet, Settings.DefaultVpc) == vpc));

    IEnumerable<OvnEip> IVpcObjects.RouterEipsOf(string vpc) => Shuffled(
        Eips.Values.Where(eip => eip.Spec.Type == EipTypes.Lrp && RouterPortNames.VpcOf(eip.Metadata.Name, AddressOwner(eip)) == vpc));

    ImmutableArray<RuleInput<OvnFip>> IVpcObjects.FipsOf(string vpc) =>
        [.. Shuffled(Fips.Values.Where(rule => Membership(rule).Vpc == vpc)).Select(rule => Rules.Input(rule))];

    ImmutableArray<RuleInput<OvnSnatRule>> IVpcObjects.SnatRulesOf(string vpc) =>
        [.. Shuffled(SnatRules.Values.Where(rule => Membership(rule).Vpc == vpc)).Select(rule => Rules.Input(rule))];

    ImmutableArray<RuleInput<OvnDnatRule>> IVpcObjects.DnatRulesOf(string vpc) =>
        [.. Shuffled(DnatRules.Values.Where(rule => Membership(rule).Vpc == vpc)).Select(rule => Rules.Input(rule))];

    ImmutableArray<EipClaim> IVpcObjects.OtherClaims(string vpc)
    {
        var memberships = Memberships().ToList();
        var eips = memberships.Where(rule => rule.Vpc == vpc).SelectMany(rule => rule.Claims).Select(claim => claim.Eip).ToHashSet();
        return [.. Shuffled(memberships.Where(rule => rule.Vpc != vpc).SelectMany(rule => rule.Claims).Where(claim => eips.Contains(claim.Eip)))];
    }

    private RuleGather Rules => new(this);

    private RuleMembership Membership(OvnFip rule) => RulePlans.Fip.Membership(Rules.Input(rule), Settings);

    private RuleMembership Membership(OvnSnatRule rule) => RulePlans.Snat.Membership(Rules.Input(rule), Settings);

    private RuleMembership Membership(OvnDnatRule rule) => RulePlans.Dnat.Membership(Rules.Input(rule), Settings);

    private IEnumerable<RuleMembership> Memberships() =>
        Fips.Values.Select(Membership).Concat(SnatRules.Values.Select(Membership)).Concat(DnatRules.Values.Select(Membership));

    private string AddressOwner(OvnEip eip) => string.IsNullOrEmpty(eip.Spec.ExternalSubnet) ? Settings.DefaultExternalSubnet : eip.Spec.ExternalSubnet;

    private IEnumerable<T> Shuffled<T>(IEnumerable<T> objects)
        where T : class => Order(objects).Cast<T>();
}
