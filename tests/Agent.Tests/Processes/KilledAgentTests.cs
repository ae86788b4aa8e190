using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.Agent.Tests.Support;
using Sluice.Lab;
using Sluice.Lab.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Agent.Tests.Processes;

/// <summary>The agent and the plugin as the processes they are, in a lab with a real ovn-controller.</summary>
public sealed class KilledAgentTests : IAsyncLifetime
{
    private const string Container = "c0ffee0123456789";
    private const string HostLink = "c0ffee012345_h";

    private readonly string _name = $"k{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    private LabCluster _lab = null!;
    private TestNamespace _sandbox = null!;

    private LabNode Node => _lab.Nodes[0];

    public async Task InitializeAsync()
    {
        try
        {
            _lab = await LabCluster.UpAsync(new LabOptions { Name = _name, Nodes = 1, Without = ["controller", "kubelet"] });
        }
        catch
        {
            await LabCluster.DownAsync(_name);
            throw;
        }
        _sandbox = await TestNamespace.CreateAsync();
        await ApplyAsync(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["metadata"] = new JsonObject { ["name"] = Node.Name } });
        await ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["namespace"] = "default",
                ["name"] = "pod",
                ["annotations"] = new JsonObject
                {
                    ["ovn.kubernetes.io/allocated"] = "true",
                    ["ovn.kubernetes.io/routed"] = "true",
                    ["ovn.kubernetes.io/ip_address"] = "192.168.0.2",
                    ["ovn.kubernetes.io/mac_address"] = "00:00:00:0a:dd:02",
                    ["ovn.kubernetes.io/cidr"] = "192.168.0.0/24",
                    ["ovn.kubernetes.io/gateway"] = "192.168.0.1",
                    ["ovn.kubernetes.io/logical_switch"] = "subnet",
                },
            },
            ["spec"] = new JsonObject { ["nodeName"] = Node.Name, ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "none" }) },
        });
        await ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "kubeovn.io/v1",
            ["kind"] = "IP",
            ["metadata"] = new JsonObject { ["name"] = "pod.default" },
            ["spec"] = new JsonObject
            {
                ["podName"] = "pod",
                ["namespace"] = "default",
                ["subnet"] = "subnet",
                ["v4IpAddress"] = "192.168.0.2",
                ["macAddress"] = "00:00:00:0a:dd:02",
            },
        });
    }

    public async Task DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        await LabCluster.DownAsync(_name);
    }

    [Fact]
    public async Task An_agent_that_is_killed_in_the_middle_of_add_cleans_up_when_it_is_back()
    {
        // There is no logical port, so ovn-controller installs nothing and the agent waits.
        var adding = PluginAsync("ADD");
        await Eventually.Succeeds(async () => (await PortsAsync()).ShouldContain(HostLink));
        await Node.Agent.KillAsync();
        var added = await adding;
        added.ExitCode.ShouldBe(1);
        JsonNode.Parse(added.Output)!["code"]!.GetValue<int>().ShouldBe(11);
        (await PortsAsync()).ShouldContain(HostLink);

        await Node.Agent.StartAsync();
        await Eventually.Succeeds(async () =>
        {
            (await PortsAsync()).ShouldNotContain(HostLink);
            (await _lab.Exec(Node.Name, "ip", "-br", "link").RunAsync()).ShouldNotContain(HostLink);
            (await _sandbox.IpAsync("-br link")).ShouldNotContain("eth0");
        });

        // Once there is a port and a gateway, the same request succeeds.
        await _lab.Nbctl(
            "ls-add", "subnet", "--", "lsp-add", "subnet", "pod.default", "--", "lsp-set-addresses", "pod.default", "00:00:00:0a:dd:02 192.168.0.2", "--",
            "lr-add", "router", "--", "lrp-add", "router", "router-subnet", "00:00:00:00:00:01", "192.168.0.1/24", "--",
            "lsp-add", "subnet", "subnet-router", "--", "lsp-set-type", "subnet-router", "router", "--", "lsp-set-addresses", "subnet-router", "router", "--",
            "lsp-set-options", "subnet-router", "router-port=router-subnet").RunAsync();
        (await PluginAsync("ADD")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(0, result.Output),
            result => result.Error.ShouldBeEmpty());
        (await _sandbox.RunAsync("ping", "-c1", "-W2", "192.168.0.1")).ShouldContain("1 received");
        (await PluginAsync("DEL")).ExitCode.ShouldBe(0);
        (await PortsAsync()).ShouldNotContain(HostLink);
    }

    private Task<CommandResult> PluginAsync(string command)
    {
        var plugin = Directory.EnumerateFiles(Node.Cni.PluginFolder, "sluice-cni").Single();
        return new Command(plugin)
        {
            Input = $$"""{"cniVersion":"1.0.0","name":"net","type":"sluice-cni","server_socket":"{{Node.Cni.AgentSocket}}"}""",
            Environment = new Dictionary<string, string>
            {
                ["CNI_COMMAND"] = command,
                ["CNI_CONTAINERID"] = Container,
                ["CNI_NETNS"] = _sandbox.Network.Path,
                ["CNI_IFNAME"] = "eth0",
                ["CNI_ARGS"] = "K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod",
            },
        }.TryAsync();
    }

    private Task<string> PortsAsync() => Node.Ovs.Vsctl("list-ports", "br-int").RunAsync();

    private Task ApplyAsync(JsonObject value) => (_lab.Kubectl("create", "-f", "-") with { Input = value.ToJsonString() }).RunAsync();
}
