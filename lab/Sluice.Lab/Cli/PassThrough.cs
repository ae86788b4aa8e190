using System.Diagnostics.CodeAnalysis;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Cli;

/// <summary>
/// The commands that hand all their arguments to another program, unread: <c>lab kubectl get pods --help</c> is kubectl's affair.
/// </summary>
internal static class PassThrough
{
    private static readonly Dictionary<string, Func<LabCluster, string[], Command>> Tools = new(StringComparer.Ordinal)
    {
        ["kubectl"] = (lab, arguments) => lab.Kubectl(arguments),
        ["nbctl"] = (lab, arguments) => lab.Nbctl(arguments),
        ["sbctl"] = (lab, arguments) => lab.Sbctl(arguments),
        ["exec"] = Exec,
        ["vsctl"] = OnNode("vsctl", (lab, node, arguments) => lab.Node(node).Ovs.Vsctl(arguments)),
        ["ofctl"] = OnNode("ofctl", (lab, node, arguments) => lab.Node(node).Ovs.Ofctl(arguments)),
        ["appctl"] = OnNode("appctl", (lab, node, arguments) => lab.Node(node).Ovs.Appctl(arguments)),
    };

    /// <summary>What each of them is given and does, for the help text.</summary>
    public static IReadOnlyList<(string Name, string Arguments, string Description)> Help { get; } =
    [
        ("kubectl", "ARGS...", "Run kubectl as the cluster's administrator"),
        ("nbctl", "ARGS...", "Run ovn-nbctl on the lab's northbound database"),
        ("sbctl", "ARGS...", "Run ovn-sbctl on the lab's southbound database"),
        ("exec", "NODE|external|NS/POD -- CMD...", "Run a command in the network namespace of a node, the outside or a pod"),
        ("vsctl", "NODE ARGS...", "Run ovs-vsctl on a node"),
        ("ofctl", "NODE ARGS...", "Run ovs-ofctl on a node"),
        ("appctl", "NODE ARGS...", "Run ovs-appctl on a node"),
    ];

    public static bool TryGet(string[] arguments, [NotNullWhen(true)] out Func<Task<int>>? run)
    {
        run = null;
        if (arguments is not [var verb, .. var rest] || !Tools.TryGetValue(verb, out var tool))
            return false;
        run = () =>
        {
            // Ctrl-C is meant for the program in front, which decides what it means; this one only waits for it.
            Console.CancelKeyPress += (_, press) => press.Cancel = true;
            return tool(LabCluster.Open(LabName.Current), rest).PassThroughAsync();
        };
        return true;
    }

    private static Command Exec(LabCluster lab, string[] arguments) => arguments switch
    {
        [var target, "--", var program, .. var rest] => lab.Exec(target, program, rest),
        [var target, var program, .. var rest] when program != "--" => lab.Exec(target, program, rest),
        _ => throw new LabException("usage: lab exec NODE|external|NAMESPACE/POD -- COMMAND..."),
    };

    private static Func<LabCluster, string[], Command> OnNode(string verb, Func<LabCluster, string, string[], Command> tool) =>
        (lab, arguments) => arguments is [var node, .. var rest]
            ? tool(lab, node, rest)
            : throw new LabException($"usage: lab {verb} NODE ARGUMENTS...");
}
