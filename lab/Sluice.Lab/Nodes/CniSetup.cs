using System.Text.Json.Nodes;

namespace Sluice.Lab.Nodes;

/// <summary>How a node's container runtime finds the CNI plugin, and the plugin its agent.</summary>
public sealed record CniSetup
{
    public CniSetup(LabOptions options, string nodeDirectory)
    {
        Plugin = options.CniPlugin ?? ProjectFiles.Program("Sluice.Cni", "sluice-cni");
        ConfigurationFolder = Path.Combine(nodeDirectory, "cni", "net.d");
        AgentSocket = Path.Combine(nodeDirectory, "agent.sock");
    }

    /// <summary>The node's <c>/etc/cni/net.d</c>.</summary>
    public string ConfigurationFolder { get; }

    /// <summary>The node's <c>/opt/cni/bin</c>.</summary>
    public string PluginFolder => Path.GetDirectoryName(Plugin)!;

    /// <summary>Where the node's agent serves the plugin.</summary>
    public string AgentSocket { get; }

    private string Plugin { get; }

    /// <summary>Writes the network configuration list.</summary>
    public void Install()
    {
        Directory.CreateDirectory(ConfigurationFolder);
        var configuration = new JsonObject
        {
            ["cniVersion"] = "1.0.0",
            ["name"] = "sluice",
            ["plugins"] = new JsonArray(new JsonObject { ["type"] = Path.GetFileName(Plugin), ["server_socket"] = AgentSocket }),
        };
        File.WriteAllText(Path.Combine(ConfigurationFolder, "01-sluice.conflist"), configuration.ToJsonString());
    }
}
