using Sluice.Ko.Backends;
using Sluice.Ko.Databases;
using Sluice.Ko.Processes;
using Sluice.Ko.Reading;
using Sluice.Kube;

namespace Sluice.Ko.Cli;

/// <summary>The program without its surroundings: what it starts, reads of its environment and prints can be somebody else's.</summary>
/// <param name="processes">Starts the tools that are wrapped.</param>
/// <param name="environment">
/// <c>LAB</c> picks a lab instead of a cluster; <c>KUBE_OVN_NS</c> is the namespace of OVN's pods in a cluster, by default kube-system.
/// </param>
/// <param name="output">Where our own words go. Tools that are passed through write to the terminal themselves.</param>
public sealed class KoProgram(IProcesses processes, IReadOnlyDictionary<string, string> environment, TextWriter output)
{
    internal IProcesses Processes => processes;

    internal TextWriter Output => output;

    internal IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>The namespace of the pods of OVN and of the controller.</summary>
    internal string Namespace => Variable("KUBE_OVN_NS") ?? "kube-system";

    /// <summary>Runs one command and returns its exit code.</summary>
    /// <exception cref="KoException">It can not be done.</exception>
    public Task<int> RunAsync(string[] arguments) => PassThrough.TryGet(arguments, out var run)
        ? RunInFrontAsync(run)
        : KoCommandLine.Create(this).Parse(arguments).InvokeAsync(new() { EnableDefaultExceptionHandler = false, Output = output });

    internal async Task<IBackend> BackendAsync(CancellationToken cancellation) => Variable("LAB") is not null
        ? await LabBackend.OpenAsync(processes, environment, cancellation)
        : new ClusterBackend(processes, Namespace);

    /// <summary>Reads everything that explanations need. <c>OVN_NB_DB</c> and <c>OVN_SB_DB</c> name databases that can be reached directly.</summary>
    internal async Task<Survey> SurveyAsync(CancellationToken cancellation)
    {
        var backend = await BackendAsync(cancellation);
        await using var northbound = await ConnectAsync(backend, OvnDb.Northbound, cancellation);
        await using var southbound = await ConnectAsync(backend, OvnDb.Southbound, cancellation);
        using var kube = new KubeClient(KubeConfig.Load(backend.KubeConfig));
        var flags = await backend.ControllerFlagsAsync(cancellation);
        return await new SurveyReader(kube, northbound.Address, southbound.Address, flags, Namespace, TimeProvider.System).ReadAsync(cancellation);
    }

    private async Task<IDatabaseLink> ConnectAsync(IBackend backend, OvnDb db, CancellationToken cancellation) =>
        Variable(db.Variable) is { } address ? new DirectLink(address) : await backend.ConnectAsync(db, cancellation);

    private async Task<int> RunInFrontAsync(Func<IBackend, Task<Invocation>> tool)
    {
        var invocation = await tool(await BackendAsync(CancellationToken.None));
        // Ctrl-C is meant for the program in front, which decides what it means; this one only waits for it.
        Console.CancelKeyPress += (_, press) => press.Cancel = true;
        return await processes.PassThroughAsync(invocation, CancellationToken.None);
    }

    private string? Variable(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
