extern alias cni;

using System.Text;
using System.Text.Json.Nodes;
using Plugin = cni::Sluice.Cni.Plugin;

namespace Sluice.Agent.Tests.Support;

/// <summary>A sandbox as a container runtime makes it, and the CNI plugin as a container runtime calls it.</summary>
internal sealed class TestPod(TestNode node, TestNamespace sandbox, string pod) : IAsyncDisposable
{
    public const string Network = "test-net";

    public TestNamespace Sandbox { get; } = sandbox;

    public string ContainerId { get; } = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";

    /// <summary>The host's end of the pair.</summary>
    public string HostLink => $"{ContainerId[..12]}_h";

    public string NetNs => Sandbox.Network.Path;

    public Task<(int ExitCode, string Output)> AddAsync() => RunAsync("ADD");

    public Task<(int ExitCode, string Output)> DelAsync() => RunAsync("DEL");

    /// <param name="previous">What ADD printed.</param>
    public Task<(int ExitCode, string Output)> CheckAsync(string previous) => RunAsync("CHECK", ("prevResult", JsonNode.Parse(previous)!));

    /// <param name="fields">Further fields of the network configuration.</param>
    public async Task<(int ExitCode, string Output)> RunAsync(string command, params (string Name, JsonNode Value)[] fields)
    {
        var config = new JsonObject
        {
            ["cniVersion"] = "1.1.0",
            ["name"] = Network,
            ["type"] = "kube-ovn",
            ["server_socket"] = node.CniSocket,
        };
        foreach (var (name, value) in fields)
            config[name] = value;
        var variables = new Dictionary<string, string>
        {
            ["CNI_COMMAND"] = command,
            ["CNI_CONTAINERID"] = ContainerId,
            ["CNI_NETNS"] = NetNs,
            ["CNI_IFNAME"] = "eth0",
            ["CNI_ARGS"] = $"K8S_POD_NAMESPACE=default;K8S_POD_NAME={pod}",
        };
        var (exitCode, output) = await Task.Run(() => Plugin.Run(variables.GetValueOrDefault, Encoding.UTF8.GetBytes(config.ToJsonString())));
        return (exitCode, Encoding.UTF8.GetString(output));
    }

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}
