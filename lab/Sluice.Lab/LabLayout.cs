using System.Text.RegularExpressions;

namespace Sluice.Lab;

/// <summary>
/// What the things of one lab are called. A place is a machine of the lab, e.g. <c>pc-node-1</c> or <c>external</c>:
/// it has a network namespace and a directory.
/// </summary>
public sealed partial record LabLayout
{
    public const string DefaultName = "sluice";

    /// <summary>Where etcd, the API server, the OVN databases and the controller run.</summary>
    public const string Central = "central";

    /// <summary>The switches between the machines.</summary>
    public const string Fabric = "fabric";

    /// <summary>The router of the external networks.</summary>
    public const string External = "external";

    /// <summary>A host in the Internet, behind <see cref="External"/>.</summary>
    public const string Internet = "inet";

    /// <param name="name">Up to 12 lower-case letters and digits: it is part of interface names and of socket paths.</param>
    public LabLayout(string name)
    {
        if (!ValidName().IsMatch(name))
            throw new ArgumentException($"'{name}' is no name for a lab: it takes 1 to 12 lower-case letters and digits, a letter first", nameof(name));
        Name = name;
    }

    public string Name { get; }

    /// <summary>Everything the lab writes. Unix socket paths end after 107 bytes, so this is short.</summary>
    public string Root => $"/run/sluice-lab/{Name}";

    public string OptionsFile => Path.Combine(Root, "lab.json");

    /// <summary>The begin of every network namespace of this lab, and of none of another.</summary>
    public string NamespacePrefix => $"{Name}-";

    public string NamespaceOf(string place) => NamespacePrefix + place;

    public string DirectoryOf(string place) => Path.Combine(Root, place);

    /// <summary>This machine's end of its link to <see cref="Central"/>; 15 bytes at most.</summary>
    public string HostInterface => $"sl-{Name}";

    /// <summary>One file per pod sandbox, see <see cref="Kubelet.Sandbox"/>.</summary>
    public string SandboxDirectory => DirectoryOf("sandboxes");

    public static string NodeName(int index) => $"pc-node-{index}";

    [GeneratedRegex("^[a-z][a-z0-9]{0,11}$")]
    private static partial Regex ValidName();
}
