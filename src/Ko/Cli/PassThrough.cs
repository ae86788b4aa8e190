using System.Diagnostics.CodeAnalysis;
using Sluice.Ko.Backends;
using Sluice.Ko.Databases;
using Sluice.Ko.Processes;
using Sluice.Kube;

namespace Sluice.Ko.Cli;

/// <summary>
/// The commands that hand all their arguments to another program, unread: <c>kubectl ko nbctl --help</c> is ovn-nbctl's affair. Its output
/// and exit code are ours.
/// </summary>
internal static class PassThrough
{
    private const string DefaultNamespace = "default";

    /// <summary>What each of them is given and does, for the help text.</summary>
    public static IReadOnlyList<PassThroughCommand> Commands { get; } =
    [
        new("nbctl", "ARGS...", "Run ovn-nbctl on the northbound database", "nbctl lr-nat-list vpc1", AtLeader(OvnDb.Northbound)),
        new("sbctl", "ARGS...", "Run ovn-sbctl on the southbound database", "sbctl find Port_Binding type=chassisredirect", AtLeader(OvnDb.Southbound)),
        new("vsctl", "NODE ARGS...", "Run ovs-vsctl on a node", "vsctl pc-node-1 show", OnNode("ovs-vsctl")),
        new("ofctl", "NODE ARGS...", "Run ovs-ofctl on a node", "ofctl pc-node-1 dump-flows br-int", OnNode("ovs-ofctl")),
        new("dpctl", "NODE ARGS...", "Run ovs-dpctl on a node", "dpctl pc-node-1 dump-conntrack", OnNode("ovs-dpctl")),
        new("appctl", "NODE ARGS...", "Run ovs-appctl on a node", "appctl pc-node-1 bfd/show", OnNode("ovs-appctl")),
        new("tcpdump", "[NAMESPACE/]POD ARGS...", "Run tcpdump on a pod's eth0", "tcpdump vpc1/vpc-1-busybox01 -c 5 icmp", Tcpdump),
    ];

    public static bool TryGet(string[] arguments, [NotNullWhen(true)] out Func<IBackend, Task<Invocation>>? run)
    {
        run = null;
        if (arguments is not [var verb, .. var rest] || Commands.FirstOrDefault(command => command.Name == verb) is not { } found)
            return false;
        run = backend => found.Run(backend, rest);
        return true;
    }

    /// <summary>A pod as it is written: one without a namespace is in the default one.</summary>
    public static ObjectKey Pod(string text) => ObjectKey.Parse(text) is var key && key.Namespace is null ? new(DefaultNamespace, key.Name) : key;

    private static Func<IBackend, string[], Task<Invocation>> AtLeader(OvnDb db) =>
        (backend, arguments) => backend.AtLeaderAsync(db, db.Tool, _ => arguments, input: false, CancellationToken.None);

    private static Func<IBackend, string[], Task<Invocation>> OnNode(string tool) => (backend, arguments) => arguments is [var node, .. var rest]
        ? backend.OnNodeAsync(node, tool, rest, CancellationToken.None)
        : throw new KoException($"usage: kubectl ko {tool["ovs-".Length..]} NODE ARGS...");

    private static Task<Invocation> Tcpdump(IBackend backend, string[] arguments) => arguments is [var pod, .. var rest]
        ? backend.InPodAsync(Pod(pod), "tcpdump", ["-nn", "-i", "eth0", .. rest], CancellationToken.None)
        : throw new KoException("usage: kubectl ko tcpdump [NAMESPACE/]POD ARGS...");
}

/// <param name="Run">Says what to run, given the arguments after the command's name.</param>
internal sealed record PassThroughCommand(
    string Name, string Arguments, string Description, string Example, Func<IBackend, string[], Task<Invocation>> Run);
