using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Kubelet;

/// <summary>The kubelet stand-in as a CNI plugin and the API server see it, with a plugin that only keeps a record.</summary>
public sealed class KubeletTests(RecorderLab fixture) : IClassFixture<RecorderLab>, IAsyncLifetime
{
    private const string Node = "pc-node-1";
    private const string Pod = "default/web";

    private readonly LabCluster _lab = fixture.Lab;

    private string Calls => fixture.Calls;

    private string Refuse => fixture.Refuse;

    public Task InitializeAsync()
    {
        File.Delete(Calls);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        File.Delete(Refuse);
        await _lab.Kubectl("delete", "pod", "web", "--ignore-not-found", "--timeout=30s").RunAsync();
    }

    [Fact]
    public async Task Registers_its_nodes_as_ready_gateways()
    {
        var columns = "custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=='Ready')].status,ADDRESS:.status.addresses[0].address,GATEWAY:.metadata.labels.ovn\\.kubernetes\\.io/external-gw";

        (await _lab.Kubectl("get", "nodes", "--no-headers", "-o", columns).RunAsync())
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ShouldBe([Node, "True", "10.5.32.51", "true"]);
    }

    [Fact]
    public async Task Runs_a_pod_from_its_creation_to_its_deletion()
    {
        await CreatePodAsync();
        (await StatusAsync()).ShouldBe("Running 10.5.32.51 192.168.0.2 192.168.0.2,fd00::2 True 1/1");
        (await _lab.Exec(Pod, "ip", "-o", "link", "show", "eth0").RunAsync()).ShouldContain("eth0");
        await using var workload = RunningCommand.Start(_lab.Exec(Pod, "sleep", "600"));

        await _lab.Kubectl("delete", "pod", "web", "--timeout=30s").RunAsync();

        Should.Throw<LabException>(() => _lab.Exec(Pod, "true")).Message.ShouldBe($"no pod '{Pod}' runs in lab '{_lab.Layout.Name}'");
        await workload.WaitForExitAsync();
        NetworkNamespaces.List(_lab.Layout.NamespaceOf("default.")).ShouldBeEmpty();
        var identity = "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;";
        (await File.ReadAllLinesAsync(Calls)).ShouldBe([$"ADD eth0 {identity}", $"DEL eth0 {identity}"]);
    }

    [Fact]
    public async Task Tries_again_what_the_plugin_refuses()
    {
        await File.WriteAllTextAsync(Refuse, "");
        await _lab.Kubectl("run", "web", "--image=none", $$$"""--overrides={"spec": {"nodeName": "{{{Node}}}"}}""").RunAsync();
        await Eventually.HoldsAsync(async () => File.Exists(Calls) && (await File.ReadAllLinesAsync(Calls)).Length > 3, () => "the plugin was not called again");

        File.Delete(Refuse);

        await Eventually.HoldsAsync(async () => (await StatusAsync()).StartsWith("Running", StringComparison.Ordinal), () => "the pod does not run");
    }

    [Fact]
    public async Task Cleans_up_after_a_pod_that_went_away_while_it_was_down()
    {
        await CreatePodAsync();
        await _lab.Kubelet.KillAsync();
        await _lab.Kubectl("delete", "pod", "web", "--force", "--grace-period=0").RunAsync();

        await _lab.Kubelet.StartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(NetworkNamespaces.List(_lab.Layout.NamespaceOf("default.")).Count == 0), () => "the namespace stays");
        (await File.ReadAllLinesAsync(Calls)).Select(call => call.Split(' ')[0]).ShouldBe(["ADD", "DEL"]);
    }

    [Fact]
    public async Task A_pod_on_the_host_network_gets_the_node_s_address()
    {
        await _lab.Kubectl("run", "web", "--image=none", $$$"""--overrides={"spec": {"nodeName": "{{{Node}}}", "hostNetwork": true}}""").RunAsync();
        await Eventually.HoldsAsync(async () => await StatusAsync() == "Running 10.5.32.51 10.5.32.51 10.5.32.51 True 1/1", () => "the pod does not run");
        File.Exists(Calls).ShouldBeFalse();
    }

    private async Task CreatePodAsync()
    {
        await _lab.Kubectl("run", "web", "--image=none", $$$"""--overrides={"spec": {"nodeName": "{{{Node}}}"}}""").RunAsync();
        await _lab.Kubectl("wait", "pod", "web", "--for=condition=Ready", "--timeout=30s").RunAsync();
    }

    private async Task<string> StatusAsync() => await _lab.Kubectl("get", "pod", "web", "-o",
        "jsonpath={.status.phase} {.status.hostIP} {.status.podIP} ").RunAsync()
        + string.Join(',', (await _lab.Kubectl("get", "pod", "web", "-o", "jsonpath={.status.podIPs[*].ip}").RunAsync()).Split(' '))
        + await _lab.Kubectl("get", "pod", "web", "-o", "jsonpath= {.status.conditions[?(@.type=='Ready')].status} ").RunAsync()
        + (await _lab.Kubectl("get", "pod", "web", "--no-headers").RunAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
