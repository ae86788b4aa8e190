using System.Text.Json.Nodes;

namespace Sluice.Lab.Nodes;

/// <summary>How a node's container runtime finds the CNI plugin, and the plugin its agent.</summary>
public sealed record CniSetup
{
    private const string Loopback = "loopback";

    private readonly LabOptions _options;
    private readonly string _node;
    private readonly string _plugin;

    public CniSetup(LabOptions options, string node, string nodeDirectory)
    {
        (_options, _node) = (options, node);
        _plugin = options.CniPlugin ?? ProjectFiles.Program("Sluice.Cni", "sluice-cni");
        ConfigurationFolder = Path.Combine(nodeDirectory, "cni", "net.d");
        PluginFolder = options.Runtime == PodRuntime.Light ? Path.GetDirectoryName(_plugin)! : Path.Combine(nodeDirectory, "cni", "bin");
        AgentSocket = Path.Combine(nodeDirectory, "agent.sock");
    }

    /// <summary>The node's <c>/etc/cni/net.d</c>.</summary>
    public string ConfigurationFolder { get; }

    /// <summary>The node's <c>/opt/cni/bin</c>.</summary>
    public string PluginFolder { get; }

    /// <summary>Where the node's agent serves the plugin.</summary>
    public string AgentSocket { get; }

    /// <summary>Writes the network configuration list, and the plugins that a container runtime expects.</summary>
    public void Install()
    {
        var plugins = new JsonArray(new JsonObject { ["type"] = Path.GetFileName(_plugin), ["server_socket"] = AgentSocket });
        if (_options.Runtime != PodRuntime.Light)
        {
            // The lab learns of each pod's network by a plugin behind the real one.
            plugins.Add(new JsonObject { ["type"] = ChainedPlugin.Name });
            InstallPlugins();
        }
        Directory.CreateDirectory(ConfigurationFolder);
        var configuration = new JsonObject { ["cniVersion"] = "1.0.0", ["name"] = "sluice", ["plugins"] = plugins };
        File.WriteAllText(Path.Combine(ConfigurationFolder, "01-sluice.conflist"), configuration.ToJsonString());
    }

    private void InstallPlugins()
    {
        Directory.CreateDirectory(PluginFolder);
        WriteScript(Path.GetFileName(_plugin), $"exec {_plugin}");
        WriteScript(ChainedPlugin.Name, $"LAB={_options.Name} exec {ProjectFiles.Program("Sluice.Lab", "sluice-lab")} {ChainedPlugin.Command} {_node}");
        // containerd calls it for every pod, whatever the configuration says.
        WriteScript(Loopback, """
            [ "$CNI_COMMAND" != ADD ] || nsenter --net="$CNI_NETNS" ip link set lo up
            echo '{"cniVersion": "0.3.1", "interfaces": [{"name": "lo"}], "ips": []}'
            """);
    }

    private void WriteScript(string name, string script)
    {
        var file = Path.Combine(PluginFolder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
