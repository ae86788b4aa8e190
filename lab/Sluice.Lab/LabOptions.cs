using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Lab;

/// <summary>What a lab consists of; kept in its directory, so that every later command knows.</summary>
public sealed record LabOptions
{
    /// <summary>The external network that VPCs with <c>enableExternal</c> join, as the walkthrough calls it.</summary>
    public const string ExternalSwitch = "external204";

    public string Name { get; init; } = LabLayout.DefaultName;

    public int Nodes { get; init; } = 3;

    /// <summary>Members of the OVN databases' cluster: 1 (standalone databases) or 3 (RAFT).</summary>
    public int CentralMembers { get; init; } = 1;

    /// <summary>Whether nodes, pods and the default networks have IPv6 addresses too.</summary>
    public bool DualStack { get; init; }

    /// <summary>Whether the controller reviews requests to the API server.</summary>
    public bool Webhook { get; init; }

    /// <summary>What runs pods.</summary>
    public PodRuntime Runtime { get; init; }

    /// <summary>Components that <c>up</c> leaves out, by name, e.g. <c>controller</c> or <c>agent</c>.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>The controller's program; null is the one that was built.</summary>
    public string? ControllerProgram { get; init; }

    /// <summary>Flags for the controller; a later one wins over what the lab gives it.</summary>
    public IReadOnlyList<string> ControllerArguments { get; init; } = [];

    /// <summary>See <see cref="ControlPlane.ControlPlaneOptions.Audit"/>.</summary>
    public bool Audit { get; init; }

    /// <summary>The CNI plugin that the kubelet executes; null is the project's own.</summary>
    public string? CniPlugin { get; init; }

    public bool Has(string component) => !Without.Contains(component);

    /// <exception cref="LabException">There is no such lab.</exception>
    public static LabOptions Load(LabLayout layout)
    {
        if (!File.Exists(layout.OptionsFile))
            throw new LabException($"lab '{layout.Name}' is not up");
        return JsonSerializer.Deserialize(File.ReadAllText(layout.OptionsFile), LabJson.Default.LabOptions)!;
    }

    public void Save(LabLayout layout) =>
        File.WriteAllText(layout.OptionsFile, JsonSerializer.Serialize(this, LabJson.Default.LabOptions));
}

/// <summary>What runs the pods of a lab.</summary>
public enum PodRuntime
{
    /// <summary>The lab itself gives each pod a network namespace and runs nothing in it.</summary>
    Light,

    /// <summary>containerd and a kubelet on every node.</summary>
    Containerd,
}

[JsonSerializable(typeof(LabOptions))]
[JsonSerializable(typeof(Kubelet.Sandbox))]
[JsonSerializable(typeof(JsonElement))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class LabJson : JsonSerializerContext;

/// <summary>The lab cannot do what was asked; the message says why, to a person.</summary>
public sealed class LabException(string message) : Exception(message);
