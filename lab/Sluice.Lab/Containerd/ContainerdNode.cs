using Sluice.Lab.ControlPlane;
using Sluice.Lab.Network;
using Sluice.Lab.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Containerd;

/// <summary>What runs the pods of one node in a lab with a real runtime: Debian's containerd and Kubernetes' kubelet.</summary>
public sealed class ContainerdNode
{
    private const string KubeletName = "kubelet", ContainerdName = "containerd";

    // That of Kubernetes among the users of a containerd.
    private const string Namespace = "k8s.io";

    private const string StateFolder = "state";

    private readonly LabNode _node;
    private readonly string _directory;

    /// <param name="kubeConfig">The identity of the node's kubelet.</param>
    /// <param name="clientAuthority">Certificate of the authority whose clients the kubelet serves.</param>
    internal ContainerdNode(LabNode node, string kubeConfig, string clientAuthority)
    {
        (_node, ClientAuthority) = (node, clientAuthority);
        _directory = Path.Combine(node.Directory, ContainerdName);
        Containerd = new Component
        {
            Name = ContainerdName,
            Node = node.Name,
            Directory = node.Directory,
            // Plugins inherit this environment.
            Command = (new Command(ContainerdName, "--config", PathOf("containerd.toml")) { Environment = ProjectFiles.Environment }).In(node.Namespace),
            IsReady = cancellation => UnixSocket.AnswersAsync(Socket, cancellation),
        };
        Kubelet = new Component
        {
            Name = KubeletName,
            Node = node.Name,
            Directory = node.Directory,
            Command = (new Command(KubernetesBinaries.Find(KubeletName),
                "--config", PathOf("kubelet.yaml"), "--kubeconfig", kubeConfig, "--root-dir", PathOf("kubelet"), "--cert-dir", PathOf("pki"),
                "--container-runtime=remote", $"--container-runtime-endpoint=unix://{Socket}",
                $"--hostname-override={node.Name}", $"--node-ip={node.Addresses[0].Address}", "--volume-plugin-dir", PathOf("volume-plugins"))
            {
                Environment = new Dictionary<string, string> { ["KUBELET_POD_LOGS"] = PathOf("logs") },
            }).In(node.Namespace),
        };
    }

    public Component Containerd { get; }

    public Component Kubelet { get; }

    /// <summary>Whether everything is installed that it takes.</summary>
    public static bool IsInstalled => KubernetesBinaries.TryFind(KubeletName) is not null && KubernetesBinaries.TryFind(ContainerdName) is not null && File.Exists("/bin/busybox");

    private string Socket => PathOf("c.sock");

    private string ClientAuthority { get; }

    /// <summary>The containers, by id, of which a lab's runtimes keep a state.</summary>
    internal static IReadOnlyList<string> Containers(LabLayout layout) => !Directory.Exists(layout.Root) ? [] :
    [
        .. Directory.EnumerateDirectories(layout.Root)
            .Select(place => Path.Combine(place, ContainerdName, StateFolder, "io.containerd.runtime.v2.task", Namespace))
            .Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Select(path => Path.GetFileName(path)),
    ];

    /// <summary>Where containerd puts a container's processes, per controller (cgroups(7)).</summary>
    internal static IEnumerable<string> ControlGroupsOf(string container) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup").Select(controller => Path.Combine(controller, Namespace, container));

    /// <summary>Starts both, with an image for pods in the runtime's store.</summary>
    /// <param name="image">The archive that <see cref="BusyboxImage"/> wrote.</param>
    internal async Task StartAsync(string image, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_directory);
        await File.WriteAllTextAsync(PathOf("containerd.toml"), ContainerdConfiguration(), cancellation);
        await File.WriteAllTextAsync(PathOf("kubelet.yaml"), KubeletConfiguration(), cancellation);
        await Containerd.StartAsync(cancellation);
        await new Command("ctr", "--address", Socket, "--namespace", Namespace, "images", "import", image).RunAsync(cancellation);
        await Kubelet.StartAsync(cancellation);
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    // Without restrict_oom_score_adj no container starts where root may not lower the OOM score.
    private string ContainerdConfiguration() =>
        $"""
        version = 2
        root = "{PathOf("root")}"
        state = "{PathOf(StateFolder)}"
        [grpc]
        address = "{Socket}"
        [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "{BusyboxImage.PauseName}"
        disable_apparmor = true
        restrict_oom_score_adj = true
        [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "{_node.Cni.PluginFolder}"
        conf_dir = "{_node.Cni.ConfigurationFolder}"
        """;

    // The nodes share one tree of control groups, so no kubelet may clean it up.
    private string KubeletConfiguration() =>
        $$"""
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: "{{ClientAuthority}}" } }
        authorization: {mode: AlwaysAllow}
        cgroupDriver: cgroupfs
        clusterDNS: [10.96.0.10]
        cgroupsPerQOS: false
        enforceNodeAllocatable: []
        evictionHard: {memory.available: 10Mi}
        failSwapOn: false
        featureGates: {DevicePlugins: false}
        healthzPort: 0
        """;
}
