using System.Globalization;
using System.Text.Json;
using Sluice.Ko.Databases;
using Sluice.Ko.Processes;
using Sluice.Kube;

namespace Sluice.Ko.Backends;

/// <summary>A Kubernetes cluster: tools run in the pods of OVN and Open vSwitch, which are found by Kube-OVN's labels.</summary>
/// <param name="ns">Where those pods are.</param>
public sealed class ClusterBackend(IProcesses processes, string ns) : IBackend
{
    private const string RunDirectory = "/var/run/ovn";
    private const string CentralContainer = "ovn-central";
    private const string SwitchContainer = "openvswitch";
    private const string AgentContainer = "cni-server";

    private static readonly string[] RestartOrder =
        ["deployment/ovn-central", "daemonset/ovs-ovn", "deployment/kube-ovn-controller", "daemonset/kube-ovn-cni"];

    public string? KubeConfig => null;

    public async Task<IReadOnlyList<string>> ControllerFlagsAsync(CancellationToken cancellation)
    {
        var arguments = await processes.ReadAsync(
            new("kubectl", "get", "deployment", "-n", ns, "kube-ovn-controller", "--ignore-not-found", "-o", "jsonpath={.spec.template.spec.containers[0].args}"),
            cancellation);
        return string.IsNullOrWhiteSpace(arguments) ? [] : JsonSerializer.Deserialize<string[]>(arguments)!;
    }

    public async Task<IDatabaseLink> ConnectAsync(OvnDb db, CancellationToken cancellation)
    {
        var leader = await LeaderAsync(db, cancellation);
        return await PortForward.OpenAsync(
            new("kubectl", "port-forward", "-n", ns, $"pod/{leader}", string.Create(CultureInfo.InvariantCulture, $":{db.Port}")), cancellation);
    }

    public async Task<Invocation> AtLeaderAsync(
        OvnDb db, string tool, Func<string, IReadOnlyList<string>> arguments, bool input, CancellationToken cancellation) =>
        Exec(await LeaderAsync(db, cancellation), CentralContainer, tool, arguments(RunDirectory), input);

    public async Task<IReadOnlyList<(string Member, Invocation Invocation)>> AtMembersAsync(
        OvnDb db, string tool, Func<string, IReadOnlyList<string>> arguments, CancellationToken cancellation) =>
        [.. (await PodsAsync("app=ovn-central", null, cancellation)).Select(pod => (pod, Exec(pod, CentralContainer, tool, arguments(RunDirectory))))];

    public async Task<Invocation> OnNodeAsync(string node, string tool, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Exec(await PodOnAsync(node, "app=ovs", cancellation), SwitchContainer, tool, arguments);

    public async Task<Invocation> InPodAsync(ObjectKey pod, string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var placement = await processes.ReadAsync(
            new("kubectl", "get", "pod", "-n", pod.Namespace!, pod.Name, "-o", "jsonpath={.spec.nodeName} {.spec.hostNetwork}"), cancellation);
        var (node, isHost) = placement.TrimEnd().Split(' ') switch
        {
            [{ Length: > 0 } name] => (name, false),
            [{ Length: > 0 } name, var host] => (name, host == "true"),
            _ => throw new KoException($"pod {pod} is on no node yet"),
        };
        if (isHost)
            return Exec(await PodOnAsync(node, "app=ovs", cancellation), SwitchContainer, program, arguments);

        var agent = await PodOnAsync(node, "app=kube-ovn-cni", cancellation);
        return Exec(agent, AgentContainer, "nsenter", [$"--net={await NetworkNamespaceAsync(node, pod, cancellation)}", "--", program, .. arguments]);
    }

    public async Task<IReadOnlyList<(string File, Invocation Invocation)>> LogsAsync(LogPart part, CancellationToken cancellation)
    {
        string[] labels = part switch
        {
            LogPart.KubeOvn => ["app=kube-ovn-controller", "app=kube-ovn-cni"],
            LogPart.Ovn => ["app=ovn-central"],
            _ => ["app=ovs"],
        };
        var logs = new List<(string, Invocation)>();
        foreach (var label in labels)
        {
            foreach (var pod in await PodsAsync(label, null, cancellation))
                logs.Add(($"{pod}.log", new("kubectl", "logs", "-n", ns, pod, "--all-containers", "--timestamps")));
        }
        return logs;
    }

    public Task<IReadOnlyList<Invocation>> ReloadAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Invocation>>(
    [
        .. RestartOrder.SelectMany(workload => new Invocation[]
        {
            new("kubectl", "rollout", "restart", "-n", ns, workload),
            new("kubectl", "rollout", "status", "-n", ns, workload),
        }),
    ]);

    private Invocation Exec(string pod, string container, string tool, IReadOnlyList<string> arguments, bool input = false) =>
        new("kubectl", ["exec", .. input ? (string[])["-i"] : [], "-n", ns, pod, "-c", container, "--", tool, .. arguments]);

    private async Task<string> LeaderAsync(OvnDb db, CancellationToken cancellation) =>
        await PodsAsync(db.LeaderLabel, null, cancellation) is [var leader, ..]
            ? leader
            : throw new KoException($"no pod in namespace {ns} has the label {db.LeaderLabel}");

    /// <summary>The network namespace of a pod, as the agent noted it at the pod's interface.</summary>
    private async Task<string> NetworkNamespaceAsync(string node, ObjectKey pod, CancellationToken cancellation)
    {
        var port = Api.Names.PodPort(pod.Name, pod.Namespace!);
        var find = await OnNodeAsync(
            node, "ovs-vsctl", ["--no-headings", "--data=bare", "--columns=external_ids", "find", "Interface", $"external_ids:iface-id=\"{port}\""], cancellation);
        const string Key = "pod_netns=";
        return (await processes.ReadAsync(find, cancellation))
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(id => id.StartsWith(Key, StringComparison.Ordinal)) is { } netns
            ? netns[Key.Length..]
            : throw new KoException($"node {node} has no interface with external_ids:iface-id={port}");
    }

    private async Task<string> PodOnAsync(string node, string label, CancellationToken cancellation) =>
        await PodsAsync(label, node, cancellation) is [var pod, ..]
            ? pod
            : throw new KoException($"no pod in namespace {ns} with the label {label} is on node {node}");

    private async Task<IReadOnlyList<string>> PodsAsync(string label, string? node, CancellationToken cancellation)
    {
        string[] onNode = node is null ? [] : [$"--field-selector=spec.nodeName={node}"];
        var names = await processes.ReadAsync(
            new("kubectl", ["get", "pods", "-n", ns, "-l", label, .. onNode, "-o", "jsonpath={.items[*].metadata.name}"]), cancellation);
        return names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}
