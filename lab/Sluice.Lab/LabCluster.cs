using System.Globalization;
using Sluice.Kube;
using Sluice.Lab.Containerd;
using Sluice.Lab.ControlPlane;
using Sluice.Lab.Kubelet;
using Sluice.Lab.Network;
using Sluice.Lab.Nodes;
using Sluice.Lab.Ovn;
using Sluice.Lab.Processes;

namespace Sluice.Lab;

/// <summary>
/// A whole cluster on one machine: a real API server, real OVN and OVS, nodes and pods as network namespaces, and a world
/// outside. Everything it is made of can be reached from here; nothing lives in this process.
/// </summary>
public sealed class LabCluster
{
    internal const string KubeletName = "kubelet";
    internal const string ControllerName = "controller";

    private const int ControllerHealthPort = 10660;

    private LabCluster(LabOptions options)
    {
        Options = options;
        Layout = new LabLayout(options.Name);
        Fabric = new Fabric(Layout);
        External = new ExternalRouter(Layout, Fabric);
        Ovn = new OvnCentral(Layout, options.CentralMembers, Fabric);
        var (_, central) = LabAddresses.HostLink(options.Name);
        ControlPlane = new KubernetesControlPlane(new ControlPlaneOptions
        {
            Directory = Layout.DirectoryOf("kubernetes"),
            Namespace = Layout.NamespaceOf(LabLayout.Central),
            Address = LabAddresses.Central[0].Address,
            OtherAddresses = [LabAddresses.Central[1].Address, central.Address],
            AdminAddress = central.Address,
            Audit = options.Audit,
        });
        Nodes = [.. Enumerable.Range(1, options.Nodes).Select(index => new LabNode(Layout, options, index, ControlPlane.KubeConfigOf(AgentConfigName(index))))];
        Runtimes = options.Runtime == PodRuntime.Containerd
            ? [.. Nodes.Select(node => new ContainerdNode(node, ControlPlane.KubeConfigOf(KubeletConfigName(node.Index)), ControlPlane.ClientAuthority))]
            : [];
        Kubelet = new Component
        {
            Name = KubeletName,
            Directory = Layout.DirectoryOf(LabLayout.Central),
            Command = (new Command(ProjectFiles.Program("Sluice.Lab", "sluice-lab"), KubeletName)
            {
                Environment = new Dictionary<string, string>(ProjectFiles.Environment) { ["LAB"] = Layout.Name },
            }).In(Layout.NamespaceOf(LabLayout.Central)),
            IsReady = cancellation => UnixSocket.AnswersAsync(KubeletSocket, cancellation),
        };
        Controller = ControllerComponent();
        Components =
        [
            .. ControlPlane.Components, Controller, .. options.Runtime == PodRuntime.Light ? new[] { Kubelet } : [], .. Ovn.Components, Fabric.Ovs.Server, Fabric.Ovs.Switch,
            .. Nodes.SelectMany(node => node.Components), .. Runtimes.SelectMany(runtime => new[] { runtime.Containerd, runtime.Kubelet }),
        ];
    }

    public LabOptions Options { get; }

    public LabLayout Layout { get; }

    public Fabric Fabric { get; }

    public ExternalRouter External { get; }

    public OvnCentral Ovn { get; }

    public KubernetesControlPlane ControlPlane { get; }

    public IReadOnlyList<LabNode> Nodes { get; }

    /// <summary>The container runtimes and kubelets of the nodes; none when the lab stands in for them.</summary>
    public IReadOnlyList<ContainerdNode> Runtimes { get; }

    /// <summary>Stands in for kubelets and container runtimes: registers the nodes and gives pods their networks.</summary>
    public Component Kubelet { get; }

    public Component Controller { get; }

    /// <summary>Every program of the lab, also those that were left out.</summary>
    public IReadOnlyList<Component> Components { get; }

    /// <summary>A lab that is up.</summary>
    /// <exception cref="LabException">There is none of that name.</exception>
    public static LabCluster Open(string name) => new(LabOptions.Load(new LabLayout(name)));

    /// <summary>Brings a lab up and returns when everything in it is ready.</summary>
    /// <param name="progress">Told of every part that is ready.</param>
    public static async Task<LabCluster> UpAsync(LabOptions options, IProgress<LabStep>? progress = null, CancellationToken cancellation = default)
    {
        var lab = new LabCluster(options);
        await new LabBringUp(lab, progress).RunAsync(cancellation);
        return lab;
    }

    /// <summary>Takes down whatever exists of a lab, finished or not.</summary>
    public static Task DownAsync(string name, CancellationToken cancellation = default) => LabTearDown.RunAsync(new LabLayout(name), cancellation);

    /// <param name="id"><c>COMPONENT</c> or <c>COMPONENT@NODE</c>.</param>
    /// <exception cref="LabException">The lab has no such component.</exception>
    public Component Component(string id) =>
        Components.FirstOrDefault(component => component.Id == id)
        ?? throw new LabException($"no component '{id}'; there are {string.Join(", ", Components.Select(component => component.Id))}");

    /// <exception cref="LabException">The lab has no such node.</exception>
    public LabNode Node(string name) =>
        Nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new LabException($"no node '{name}'; there are {string.Join(", ", Nodes.Select(node => node.Name))}");

    public Command Kubectl(params IReadOnlyList<string> arguments) => new("kubectl", arguments) { Environment = Environment };

    public Command Nbctl(params IReadOnlyList<string> arguments) => Ovn.Nbctl(arguments);

    public Command Sbctl(params IReadOnlyList<string> arguments) => Ovn.Sbctl(arguments);

    /// <summary>A command inside the network namespace of a place (<c>pc-node-1</c>, <c>external</c>, ...) or of a pod (<c>NAMESPACE/NAME</c>).</summary>
    /// <exception cref="LabException">There is no such place or pod.</exception>
    public Command Exec(string target, string program, params IReadOnlyList<string> arguments) =>
        new Command(program, arguments).In(NamespaceOf(target));

    /// <summary>The network of a pod, given as <c>NAMESPACE/NAME</c>; null while it has none.</summary>
    public Sandbox? SandboxOf(string pod) => new SandboxStore(Layout.SandboxDirectory).Of(ObjectKey.Parse(pod)).FirstOrDefault(sandbox => sandbox.Result is not null);

    /// <summary>One of the controller's own figures, a metric without labels; null when the controller does not answer or has none of that name.</summary>
    public async Task<double?> ControllerMetricAsync(string name, CancellationToken cancellation = default)
    {
        var metrics = await NamespaceSocket.GetAsync(Layout.NamespaceOf(LabLayout.Central), ControllerHealthPort, "/metrics", cancellation);
        var sample = metrics?.Split('\n').FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return sample is null ? null : double.Parse(sample[name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Runs <c>kubectl ko</c> against the lab.</summary>
    public Command Ko(params IReadOnlyList<string> arguments) => new(ProjectFiles.Program("Sluice.Ko", "kubectl-ko"), arguments)
    {
        Environment = Environment.Concat(ProjectFiles.Environment).DistinctBy(entry => entry.Key).ToDictionary(),
    };

    /// <summary>The variables that tools outside of the lab need to talk to it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LAB"] = Layout.Name,
        ["KUBECONFIG"] = ControlPlane.AdminKubeConfig,
        ["OVN_NB_DB"] = Ovn.Northbound,
        ["OVN_SB_DB"] = Ovn.Southbound,
        ["OVN_RUNDIR"] = Ovn.RunDirectory,
    };

    /// <summary>Accepts connections once all nodes are registered.</summary>
    internal string KubeletSocket => Path.Combine(Layout.DirectoryOf(LabLayout.Central), "kubelet.sock");

    internal static string KubeletConfigName(int index) => $"{KubeletName}-{LabLayout.NodeName(index)}";

    internal static string AgentConfigName(int index) => $"agent-{LabLayout.NodeName(index)}";

    private Component ControllerComponent()
    {
        var networkNamespace = Layout.NamespaceOf(LabLayout.Central);
        string[] dualStack = Options.DualStack ? ["--default-cidr=10.16.0.0/16,fd00:10:16::/112", "--node-switch-cidr=100.64.0.0/16,fd00:100:64::/112"] : [];
        // Nobody serves cluster IPs here; API server and controller share a namespace.
        string[] webhook = Options.Webhook ? ["--enable-webhook", "--webhook-url=https://127.0.0.1:8443"] : [];
        return new Component
        {
            Name = ControllerName,
            Directory = Layout.DirectoryOf(LabLayout.Central),
            Command = (new Command(Options.ControllerProgram ?? ProjectFiles.Program("Sluice.Controller", "sluice-controller"),
            [
                $"--kubeconfig={ControlPlane.KubeConfigOf(ControllerName)}", $"--ovn-nb-addr={Ovn.Northbound}", $"--ovn-sb-addr={Ovn.Southbound}",
                $"--external-gateway-switch={LabOptions.ExternalSwitch}",
                string.Create(CultureInfo.InvariantCulture, $"--external-gateway-vlanid={LabAddresses.ExternalVlan}"),
                // A lab's controllers are killed more often than a cluster's, and waited for.
                "--leader-elect-lease-duration=10s", "--leader-elect-renew-deadline=7s", "--leader-elect-retry-period=2s",
                .. dualStack, .. webhook, .. Options.ControllerArguments,
            ])
            {
                Environment = new Dictionary<string, string>(ProjectFiles.Environment) { ["POD_NAME"] = "sluice-controller", ["POD_NAMESPACE"] = "kube-system" },
            }).In(networkNamespace),
            // One that waits to be elected is ready, too; the lab is when this one leads.
            IsReady = async cancellation => await NamespaceSocket.GetAsync(networkNamespace, ControllerHealthPort, "/readyz", cancellation) is not null
                && await ControllerMetricAsync("sluice_leader", cancellation) == 1,
        };
    }

    /// <summary>The network namespace of a place (<c>pc-node-1</c>, <c>external</c>, ...) or of a pod (<c>NAMESPACE/NAME</c>).</summary>
    /// <exception cref="LabException">There is no such place or pod.</exception>
    public string NamespaceOf(string target)
    {
        if (target.Contains('/', StringComparison.Ordinal))
        {
            return SandboxOf(target)?.NetworkNamespace ?? throw new LabException($"no pod '{target}' runs in lab '{Layout.Name}'");
        }
        var place = Layout.NamespaceOf(target);
        return NetworkNamespaces.Exists(place) ? place : throw new LabException($"no place '{target}' in lab '{Layout.Name}'");
    }
}
