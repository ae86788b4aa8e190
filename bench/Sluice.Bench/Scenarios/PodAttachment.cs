using System.Globalization;
using System.Security.Cryptography;
using Sluice.Api;
using Sluice.Bench.EndToEnd;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab;
using Sluice.Lab.Kubelet;
using Sluice.Lab.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P12: a pod is plugged in and out through the real plugin and agent, against the commands that do the same to the kernel and Open
/// vSwitch by hand. Both begin with a pod that has its address and its switch port, and end when ovn-controller has installed it.
/// </summary>
internal sealed class PodAttachment : IScenario
{
    private const int PodsPerRound = 10;
    private const string HostEnd = "bench0";

    public IReadOnlyList<string> Ids => ["P12"];

    public string Title => "CNI ADD and DEL of a pod";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{Environment.ProcessId}");
        try
        {
            var lab = await LabCluster.UpAsync(new LabOptions { Name = name, Nodes = 1, CniPlugin = Published.CniPlugin }, cancellation: cancellationToken);
            // The node is registered; from now on nobody but us plugs pods in.
            await lab.Kubelet.StopAsync(cancellationToken);
            await MeasureAsync(run, lab, cancellationToken);
        }
        finally
        {
            await LabCluster.DownAsync(name, CancellationToken.None);
        }
    }

    private static async Task MeasureAsync(BenchRun run, LabCluster lab, CancellationToken cancellationToken)
    {
        var node = lab.Nodes[0];
        var cni = new CniRuntime(node.Cni.ConfigurationFolder, node.Cni.PluginFolder);
        using var client = new KubeClient(KubeConfig.Load(lab.ControlPlane.AdminKubeConfig));
        List<double> add = [], delete = [], bareAdd = [], bareDelete = [];
        for (var number = 0; number <= run.Rounds * PodsPerRound; number++)
        {
            var ours = await PodAsync(lab, client, $"ours-{number}", cancellationToken);
            var bare = await PodAsync(lab, client, $"bare-{number}", cancellationToken);
            var seconds = (
                Add: await Measure.SecondsAsync(() => cni.AddAsync(ours, cancellationToken)),
                BareAdd: await Measure.SecondsAsync(() => BareAddAsync(node, bare, cancellationToken)),
                Delete: await Measure.SecondsAsync(() => cni.DeleteAsync(ours, cancellationToken)),
                BareDelete: await Measure.SecondsAsync(() => BareDeleteAsync(node, cancellationToken)));
            await ForgetAsync(client, ours, cancellationToken);
            await ForgetAsync(client, bare, cancellationToken);
            if (number == 0) continue; // The agent was cold.
            add.Add(seconds.Add * 1000);
            delete.Add(seconds.Delete * 1000);
            bareAdd.Add(seconds.BareAdd * 1000);
            bareDelete.Add(seconds.BareDelete * 1000);
        }

        const string Floor = "ip + ovs-vsctl + ovn-installed";
        run.Add(new Figure("P12", "CNI ADD, p50", Measure.Median(add), Measure.Median(bareAdd), Floor, "ms", 1.5));
        run.Add(new Figure("P12", "CNI ADD, p99", Measure.Percentile(add, 99), Measure.Percentile(bareAdd, 99), Floor, "ms", 1.5));
        run.Add(new Figure("P12", "CNI DEL, p50", Measure.Median(delete), Measure.Median(bareDelete), "ip + ovs-vsctl", "ms", 1.5));
        run.Add(new Figure("P12", "CNI DEL, p99", Measure.Percentile(delete, 99), Measure.Percentile(bareDelete, 99), "ip + ovs-vsctl", "ms", 1.5));
    }

    /// <summary>A pod that the controller has given an address and a port, with an empty network namespace.</summary>
    private static async Task<Sandbox> PodAsync(LabCluster lab, KubeClient client, string name, CancellationToken cancellationToken)
    {
        var pod = await client.CreateAsync(CoreResources.Pods, new Pod
        {
            Metadata = new() { Name = name, Namespace = "default" },
            Spec = new() { NodeName = lab.Nodes[0].Name, Containers = [new() { Name = "pause", Image = "pause" }] },
        }, cancellationToken);
        while ((await client.GetAsync(CoreResources.Pods, "default", name, cancellationToken)).Metadata.Annotation(PodAnnotations.Default.Allocated) != "true")
            await Task.Delay(10, cancellationToken);
        await lab.Sbctl("--timeout=30", "wait-until", "Port_Binding", $"{name}.default").RunAsync(cancellationToken);

        var sandbox = new Sandbox
        {
            Uid = pod.Metadata.Uid!,
            PodNamespace = "default",
            PodName = name,
            Node = lab.Nodes[0].Name,
            ContainerId = RandomNumberGenerator.GetHexString(64, lowercase: true),
            NetworkNamespace = lab.Layout.NamespaceOf(name),
        };
        await NetworkNamespaces.CreateAsync(sandbox.NetworkNamespace, cancellationToken);
        return sandbox;
    }

    private static async Task BareAddAsync(LabNode node, Sandbox pod, CancellationToken cancellationToken)
    {
        var batch = $"""
            link add {HostEnd} type veth peer name eth0 netns {pod.NetworkNamespace}
            link set {HostEnd} up
            """;
        await (new Command("ip", "-n", node.Namespace, "-batch", "-") { Input = batch + "\n" }).RunAsync(cancellationToken);
        await node.Ovs.Vsctl(
            "add-port", "br-int", HostEnd, "--",
            "set", "Interface", HostEnd, $"external_ids:iface-id={pod.PodName}.{pod.PodNamespace}").RunAsync(cancellationToken);
        var configuration = """
            link set eth0 up
            addr add 10.16.255.250/16 dev eth0
            route add default via 10.16.0.1
            """;
        await (new Command("ip", "-n", pod.NetworkNamespace, "-batch", "-") { Input = configuration + "\n" }).RunAsync(cancellationToken);
        await node.Ovs.Vsctl("--timeout=30", "wait-until", "Interface", HostEnd, "external_ids:ovn-installed=true").RunAsync(cancellationToken);
    }

    private static async Task BareDeleteAsync(LabNode node, CancellationToken cancellationToken)
    {
        await node.Ovs.Vsctl("del-port", "br-int", HostEnd).RunAsync(cancellationToken);
        await new Command("ip", "-n", node.Namespace, "link", "del", HostEnd).RunAsync(cancellationToken);
    }

    private static async Task ForgetAsync(KubeClient client, Sandbox pod, CancellationToken cancellationToken)
    {
        await NetworkNamespaces.DeleteAsync(pod.NetworkNamespace, cancellationToken);
        await client.DeleteAsync(CoreResources.Pods, pod.PodNamespace, pod.PodName, new DeleteOptions { GracePeriodSeconds = 0 }, cancellationToken);
    }
}
