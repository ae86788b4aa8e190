using Sluice.Ko.Databases;
using Sluice.Ko.Processes;
using Sluice.Kube;

namespace Sluice.Ko.Backends;

/// <summary>An installation of OVN: says how a tool is run at one of its places. Asking it changes nothing.</summary>
public interface IBackend
{
    /// <summary>The kubeconfig of the cluster; null for the one that kubectl would take.</summary>
    string? KubeConfig { get; }

    /// <summary>The flags that the controller is started with, as <c>--name=value</c>.</summary>
    Task<IReadOnlyList<string>> ControllerFlagsAsync(CancellationToken cancellation);

    /// <summary>Opens a way to a database.</summary>
    /// <exception cref="KoException">There is none.</exception>
    Task<IDatabaseLink> ConnectAsync(OvnDb db, CancellationToken cancellation);

    /// <summary>A tool where the leading server of a database runs.</summary>
    /// <param name="arguments">Given the directory of the server's sockets.</param>
    /// <param name="input">Whether the tool reads our standard input.</param>
    /// <exception cref="KoException">There is no leading server.</exception>
    Task<Invocation> AtLeaderAsync(OvnDb db, string tool, Func<string, IReadOnlyList<string>> arguments, bool input, CancellationToken cancellation);

    /// <summary>A tool at every server of a database, by the name of the place.</summary>
    Task<IReadOnlyList<(string Member, Invocation Invocation)>> AtMembersAsync(
        OvnDb db, string tool, Func<string, IReadOnlyList<string>> arguments, CancellationToken cancellation);

    /// <summary>A tool of Open vSwitch on a node: <c>ovs-vsctl</c>, <c>ovs-ofctl</c>, <c>ovs-dpctl</c> or <c>ovs-appctl</c>.</summary>
    /// <exception cref="KoException">The node has no Open vSwitch of ours.</exception>
    Task<Invocation> OnNodeAsync(string node, string tool, IReadOnlyList<string> arguments, CancellationToken cancellation);

    /// <summary>A program that sees the network of a pod.</summary>
    /// <exception cref="KoException">There is no such pod, or it has no network.</exception>
    Task<Invocation> InPodAsync(ObjectKey pod, string program, IReadOnlyList<string> arguments, CancellationToken cancellation);

    /// <summary>What prints the logs of the components of one part of the system, by the name of the file to keep them in.</summary>
    Task<IReadOnlyList<(string File, Invocation Invocation)>> LogsAsync(LogPart part, CancellationToken cancellation);

    /// <summary>What restarts every component, in an order in which each finds what it needs.</summary>
    Task<IReadOnlyList<Invocation>> ReloadAsync(CancellationToken cancellation);
}

/// <summary>Whose logs.</summary>
public enum LogPart
{
    /// <summary>The controller and the agents.</summary>
    KubeOvn,

    /// <summary>The databases and ovn-northd.</summary>
    Ovn,

    /// <summary>Open vSwitch and ovn-controller of the nodes.</summary>
    Ovs,
}
