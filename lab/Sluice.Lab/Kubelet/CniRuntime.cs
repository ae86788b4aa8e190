using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Kubelet;

/// <summary>
/// Executes the plugins of a network configuration list the way a container runtime does (CNI specification 1.0.0,
/// sections 2 to 4): the configuration on standard input, the rest in variables, the result on standard output.
/// </summary>
internal sealed class CniRuntime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly JsonObject _network;
    private readonly string _pluginFolders;

    /// <param name="configurationFolder">As <c>/etc/cni/net.d</c>: the first <c>*.conflist</c> by name counts.</param>
    /// <param name="pluginFolders">As <c>CNI_PATH</c>, separated by colons.</param>
    /// <exception cref="LabException">There is no configuration.</exception>
    public CniRuntime(string configurationFolder, string pluginFolders)
    {
        var file = Directory.EnumerateFiles(configurationFolder, "*.conflist").Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new LabException($"no CNI configuration in {configurationFolder}");
        _network = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        _pluginFolders = pluginFolders;
    }

    private IEnumerable<JsonObject> Plugins => _network["plugins"]!.AsArray().Select(plugin => plugin!.AsObject());

    /// <summary>Attaches a sandbox and returns the last plugin's result.</summary>
    /// <exception cref="CniPluginException">A plugin refused.</exception>
    public async Task<JsonElement> AddAsync(Sandbox sandbox, CancellationToken cancellation)
    {
        JsonElement? result = null;
        foreach (var plugin in Plugins)
            result = JsonElement.Parse(await ExecuteAsync("ADD", plugin, sandbox with { Result = result }, cancellation));
        return result ?? throw new LabException("the CNI configuration lists no plugin");
    }

    /// <summary>Detaches a sandbox, in the opposite order. Whatever is gone already is fine.</summary>
    /// <exception cref="CniPluginException">A plugin refused.</exception>
    public async Task DeleteAsync(Sandbox sandbox, CancellationToken cancellation)
    {
        foreach (var plugin in Plugins.Reverse())
            await ExecuteAsync("DEL", plugin, sandbox, cancellation);
    }

    private async Task<string> ExecuteAsync(string command, JsonObject plugin, Sandbox sandbox, CancellationToken cancellation)
    {
        var configuration = plugin.DeepClone().AsObject();
        configuration["cniVersion"] = _network["cniVersion"]!.DeepClone();
        configuration["name"] = _network["name"]!.DeepClone();
        if (sandbox.Result is { } previous)
            configuration["prevResult"] = JsonSerializer.SerializeToNode(previous, LabJson.Default.JsonElement);

        var type = plugin["type"]!.GetValue<string>();
        var execution = new Command(PathOf(type))
        {
            Input = configuration.ToJsonString(),
            Environment = new Dictionary<string, string>(ProjectFiles.Environment)
            {
                ["CNI_COMMAND"] = command,
                ["CNI_CONTAINERID"] = sandbox.ContainerId,
                ["CNI_NETNS"] = NetworkNamespaces.PathOf(sandbox.NetworkNamespace),
                ["CNI_IFNAME"] = "eth0",
                ["CNI_ARGS"] = $"IgnoreUnknown=1;K8S_POD_NAMESPACE={sandbox.PodNamespace};K8S_POD_NAME={sandbox.PodName};"
                    + $"K8S_POD_INFRA_CONTAINER_ID={sandbox.ContainerId};K8S_POD_UID={sandbox.Uid}",
                ["CNI_PATH"] = _pluginFolders,
            },
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        var result = await execution.TryAsync(limit.Token);
        return result.ExitCode == 0 ? result.Output : throw new CniPluginException(type, command, result);
    }

    private string PathOf(string type) =>
        _pluginFolders.Split(':').Select(folder => Path.Combine(folder, type)).FirstOrDefault(File.Exists)
        ?? throw new LabException($"no CNI plugin '{type}' in {_pluginFolders}");
}

/// <summary>A CNI plugin ended with an error; the message is what it said (CNI specification 1.0.0, section 5).</summary>
internal sealed class CniPluginException(string type, string command, CommandResult result)
    : Exception($"{type} {command}: exit code {result.ExitCode}: {result.Output.Trim()} {result.Error.Trim()}");
