using System.Text;
using System.Text.Json;
using Sluice.Ko.Databases;
using Sluice.Ko.Processes;
using Sluice.Kube;

namespace Sluice.Ko.Backends;

/// <summary>A lab on this machine, see <c>lab/lab</c>: databases are reached by their sockets, nodes through the lab's own commands.</summary>
/// <param name="lab">Path of the program <c>lab</c>.</param>
/// <param name="variables">What <c>lab env</c> prints.</param>
public sealed class LabBackend(IProcesses processes, string lab, IReadOnlyDictionary<string, string> variables) : IBackend
{
    public string? KubeConfig => variables["KUBECONFIG"];

    private string RunDirectory => variables["OVN_RUNDIR"];

    private string Root => Path.GetDirectoryName(RunDirectory)!;

    /// <summary>Asks the lab how it is reached, unless our own environment says so already.</summary>
    public static async Task<LabBackend> OpenAsync(IProcesses processes, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        string[] needed = ["LAB", "KUBECONFIG", "OVN_RUNDIR", .. OvnDb.All.Select(db => db.Variable)];
        var lab = FindProgram(environment);
        return new(processes, lab, needed.All(environment.ContainsKey)
            ? needed.ToDictionary(name => name, name => environment[name], StringComparer.Ordinal)
            : ParseEnvironment(await processes.ReadAsync(new(lab, "env"), cancellation)));
    }

    /// <summary>Those that every lab's controller gets, and those that this lab was brought up with.</summary>
    public async Task<IReadOnlyList<string>> ControllerFlagsAsync(CancellationToken cancellation)
    {
        string[] always = ["--external-gateway-switch=external204"];
        var file = Path.Combine(Root, "lab.json");
        if (!File.Exists(file))
            return always;
        await using var stream = File.OpenRead(file);
        using var options = await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        return options.RootElement.TryGetProperty("ControllerArguments", out var given)
            ? [.. always, .. given.EnumerateArray().Select(flag => flag.GetString()!)]
            : always;
    }

    public Task<IDatabaseLink> ConnectAsync(OvnDb db, CancellationToken cancellation) => Task.FromResult<IDatabaseLink>(new DirectLink(variables[db.Variable]));

    public async Task<Invocation> AtLeaderAsync(
        OvnDb db, string tool, Func<string, IReadOnlyList<string>> arguments, bool input, CancellationToken cancellation) =>
        new(tool, arguments(await LeaderAsync(db, cancellation))) { Environment = variables };

    public Task<IReadOnlyList<(string Member, Invocation Invocation)>> AtMembersAsync(
        OvnDb db, string tool, Func<string, IReadOnlyList<string>> arguments, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<(string, Invocation)>>(
            [.. Members(db).Select(directory => (Path.GetFileName(directory), new Invocation(tool, arguments(directory))))]);

    /// <summary>The directory of the member that leads; of the only one, where the database is no cluster or nobody leads.</summary>
    private async Task<string> LeaderAsync(OvnDb db, CancellationToken cancellation)
    {
        var members = Members(db);
        foreach (var directory in members.Length > 1 ? members : [])
        {
            using var status = new MemoryStream();
            await processes.RunAsync(
                new("ovn-appctl", "-t", Path.Combine(directory, db.ControlSocket), "cluster/status", db.Schema), Stream.Null, status, cancellation);
            if (Encoding.UTF8.GetString(status.ToArray()).Contains("Role: leader", StringComparison.Ordinal))
                return directory;
        }
        return RunDirectory;
    }

    private string[] Members(OvnDb db) => !Directory.Exists(Root)
        ? []
        : [.. Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal).Where(directory => File.Exists(Path.Combine(directory, db.ControlSocket)))];

    public Task<Invocation> OnNodeAsync(string node, string tool, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Task.FromResult(tool == "ovs-dpctl" && arguments.ToArray() is [var command, .. var rest]
            // The datapath of a lab is in userspace, where ovs-dpctl(8) does not look.
            ? Lab("appctl", node, [$"dpctl/{command}", .. rest])
            : Lab(tool["ovs-".Length..], node, arguments));

    public Task<Invocation> InPodAsync(ObjectKey pod, string program, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Task.FromResult(Lab("exec", pod.ToString(), ["--", program, .. arguments]));

    public Task<IReadOnlyList<(string File, Invocation Invocation)>> LogsAsync(LogPart part, CancellationToken cancellation)
    {
        string[] names = part switch
        {
            LogPart.KubeOvn => ["controller", "agent"],
            LogPart.Ovn => ["nb", "sb", "northd"],
            _ => ["ovsdb-server", "ovs-vswitchd", "ovn-controller"],
        };
        return Task.FromResult<IReadOnlyList<(string, Invocation)>>(
        [
            .. from file in Directory.EnumerateFiles(Root, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               where names.Contains(Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal)
               select ($"{Path.GetFileName(Path.GetDirectoryName(file))}-{Path.GetFileName(file)}", new Invocation("cat", file)),
        ]);
    }

    public Task<IReadOnlyList<Invocation>> ReloadAsync(CancellationToken cancellation)
    {
        string[] agents =
        [
            .. from file in Directory.EnumerateFiles(Root, "agent.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               select $"agent@{Path.GetFileName(Path.GetDirectoryName(file))}",
        ];
        return Task.FromResult<IReadOnlyList<Invocation>>(
            [.. ((string[])["northd", "controller", .. agents]).SelectMany(component => new[] { Lab("stop", component), Lab("start", component) })]);
    }

    internal static IReadOnlyDictionary<string, string> ParseEnvironment(string exports) => exports
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', 2) is ["export", var assignment] ? assignment.Split('=', 2) : throw new KoException($"lab env: {line}"))
        .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''), StringComparer.Ordinal);

    /// <summary>The checkout's <c>lab/lab</c>, above this program or above where we are; else whatever the path has.</summary>
    private static string FindProgram(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var start in (string[])[AppContext.BaseDirectory, environment.GetValueOrDefault("PWD", "/")])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var program = Path.Combine(folder.FullName, "lab", "lab");
                if (File.Exists(program))
                    return program;
            }
        }
        return "lab";
    }

    private Invocation Lab(string verb, string target, params IReadOnlyList<string> arguments) =>
        new(lab, [verb, target, .. arguments]) { Environment = variables };
}
