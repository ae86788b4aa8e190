using System.CommandLine;
using Sluice.Ko.Backends;
using Sluice.Ko.Processes;

namespace Sluice.Ko.Cli;

/// <summary>What concerns the system's programs as a whole.</summary>
internal static class SystemCommands
{
    private const string LogFolder = "kubectl-ko-log";

    private static readonly Dictionary<string, LogPart[]> Parts = new(StringComparer.Ordinal)
    {
        ["kube-ovn"] = [LogPart.KubeOvn],
        ["ovn"] = [LogPart.Ovn],
        ["ovs"] = [LogPart.Ovs],
        ["all"] = [LogPart.KubeOvn, LogPart.Ovn, LogPart.Ovs],
    };

    public static Command Log(KoProgram program)
    {
        var part = new Argument<string>("PART") { Description = "kube-ovn, ovn, ovs or all" };
        part.AcceptOnlyFromAmong([.. Parts.Keys]);
        var command = new Command("log", KoCommandLine.Describe($"Copy logs to ./{LogFolder}", "log all")) { part };
        command.SetAction(async (result, cancellation) =>
        {
            var backend = await program.BackendAsync(cancellation);
            Directory.CreateDirectory(LogFolder);
            var worst = 0;
            foreach (var wanted in Parts[result.GetValue(part)!])
            {
                foreach (var (name, invocation) in await backend.LogsAsync(wanted, cancellation))
                {
                    var file = Path.Combine(LogFolder, name);
                    worst = Math.Max(worst, await program.Processes.SaveAsync(invocation, file, cancellation));
                    await program.Output.WriteLineAsync(file);
                }
            }
            return worst;
        });
        return command;
    }

    public static Command Reload(KoProgram program)
    {
        var command = new Command("reload", KoCommandLine.Describe("Restart every component, one kind after the other; stops at the first that fails", "reload"));
        command.SetAction(async (_, cancellation) =>
        {
            var backend = await program.BackendAsync(cancellation);
            foreach (var invocation in await backend.ReloadAsync(cancellation))
            {
                if (await program.Processes.PassThroughAsync(invocation, cancellation) is not 0 and var code)
                    return code;
            }
            return 0;
        });
        return command;
    }
}
