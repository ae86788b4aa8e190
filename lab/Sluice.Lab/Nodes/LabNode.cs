using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Nodes;

/// <summary>
/// A machine of the cluster: an Open vSwitch with ovn-controller, a NIC in the underlay, and a NIC named <c>vlan</c> on
/// the trunk that a provider network may take.
/// </summary>
public sealed class LabNode
{
    /// <summary>The NIC of provider networks.</summary>
    public const string TrunkInterface = "vlan";

    internal const string AgentName = "agent";

    private const string UnderlayInterface = "eth0";
    private const int AgentHealthPort = 10665;

    // Tunnel packets that a userspace switch makes leave by one of its own bridges, so the node's address lives there.
    private const string UnderlayBridge = "br-phy";

    /// <param name="agentKubeConfig">The identity of the node's agent.</param>
    public LabNode(LabLayout layout, LabOptions options, int index, string agentKubeConfig)
    {
        Index = index;
        Name = LabLayout.NodeName(index);
        Directory = layout.DirectoryOf(Name);
        Namespace = layout.NamespaceOf(Name);
        Ovs = new OvsInstance(layout, Name);
        Cni = new CniSetup(options, Name, Directory);
        OvnController = new Component
        {
            Name = "ovn-controller",
            Node = Name,
            Directory = Directory,
            Command = (new Command("ovn-controller", Ovs.Remote, "--pidfile", "-vconsole:info", "-vsyslog:off") { Environment = Ovs.Environment }).In(Namespace),
        };
        Agent = new Component
        {
            Name = AgentName,
            Node = Name,
            Directory = Directory,
            Command = (new Command(ProjectFiles.Program("Sluice.Agent", "sluice-agent"),
                $"--node-name={Name}", $"--kubeconfig={agentKubeConfig}", $"--ovs-socket={Ovs.Remote}", $"--bind-socket={Cni.AgentSocket}",
                $"--iface={UnderlayBridge}", $"--external-gateway-switch={LabOptions.ExternalSwitch}",
                $"--gateway-netns={GatewayNamespace}")
            { Environment = ProjectFiles.Environment }).In(Namespace),
            IsReady = async cancellation => await NamespaceSocket.GetAsync(Namespace, AgentHealthPort, "/readyz", cancellation) is not null,
        };
    }

    public int Index { get; }

    /// <summary>What the agent counts, in the text format of Prometheus; null when it does not answer.</summary>
    public Task<string?> AgentMetricsAsync(CancellationToken cancellation = default) =>
        NamespaceSocket.GetAsync(Namespace, AgentHealthPort, "/metrics", cancellation);

    public string Name { get; }

    public string Directory { get; }

    public string Namespace { get; }

    /// <summary>Where the node's gateway port is, if it has one: an OvnEip of type lsp.</summary>
    public string GatewayNamespace => $"{Namespace}-ovnext";

    public OvsInstance Ovs { get; }

    public Component OvnController { get; }

    public Component Agent { get; }

    public CniSetup Cni { get; }

    /// <summary>The node's addresses in the underlay, IPv4 first.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses => LabAddresses.Node(Index);

    public IEnumerable<Component> Components => [Ovs.Server, Ovs.Switch, OvnController, Agent];

    /// <param name="southbound">Where ovn-controller finds the southbound database.</param>
    public async Task CreateAsync(Fabric fabric, string southbound, CancellationToken cancellation = default)
    {
        await NetworkNamespaces.CreateAsync(Namespace, cancellation);
        await fabric.ConnectUnderlayAsync(Name, UnderlayInterface, cancellation);
        await fabric.ConnectTrunkAsync(Name, TrunkInterface, cancellation);
        await Ovs.CreateAsync(cancellation);
        Cni.Install();
        await ConfigureAsync(southbound, cancellation);
        await Link.AddAddressesAsync(Namespace, UnderlayBridge, Addresses, cancellation);
        await new Command("ip", "-n", Namespace, "link", "set", UnderlayBridge, "up").RunAsync(cancellation);
        await Link.AddDefaultRoutesAsync(Namespace, LabAddresses.UnderlayGateway, cancellation);
        await OvnController.StartAsync(cancellation);
    }

    /// <summary>Returns when ovn-controller has told the southbound database about this node.</summary>
    public async Task WaitForChassisAsync(string southbound, CancellationToken cancellation = default)
    {
        var systemId = (await Ovs.Vsctl("get", "Open_vSwitch", ".", "external_ids:system-id").RunAsync(cancellation)).Trim().Trim('"');
        await new Command("ovn-sbctl", $"--db={southbound}", "--timeout=60", "wait-until", "Chassis", systemId).RunAsync(cancellation);
    }

    /// <summary>What a package's start script would write: who the node is and how it takes part in the overlay.</summary>
    private Task ConfigureAsync(string southbound, CancellationToken cancellation) =>
        Ovs.Vsctl(
            "add-br", UnderlayBridge, "--", "set", "bridge", UnderlayBridge, "datapath_type=netdev", "--",
            "add-port", UnderlayBridge, UnderlayInterface, "--",
            "set", "Open_vSwitch", ".",
            $"external_ids:system-id={Guid.NewGuid()}",
            $"external_ids:hostname={Name}",
            $"external_ids:ovn-remote=\"{southbound}\"",
            "external_ids:ovn-encap-type=geneve",
            $"external_ids:ovn-encap-ip={Addresses[0].Address}",
            "external_ids:ovn-bridge-datapath-type=netdev",
            "external_ids:ovn-monitor-all=true").RunAsync(cancellation);
}
