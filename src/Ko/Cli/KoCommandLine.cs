using System.CommandLine;

namespace Sluice.Ko.Cli;

/// <summary>The commands of <c>kubectl ko</c>.</summary>
internal static class KoCommandLine
{
    public static RootCommand Create(KoProgram program)
    {
        var root = new RootCommand(
            "Look into OVN and into the addresses that pods have outside. Works on the cluster of the kubeconfig, or on the lab that LAB names. "
            + "Example: kubectl ko nbctl show vpc1");
        foreach (var tool in PassThrough.Commands)
        {
            var description = Describe(tool.Description, tool.Example);
            root.Add(new Command(tool.Name, description) { new Argument<string[]>(tool.Arguments) { Description = "Handed on unread" } });
        }
        foreach (var command in DatabaseCommands.All(program))
            root.Add(command);
        root.Add(ExplainCommand.Create(program));
        root.Add(GatewaysCommand.Create(program));
        root.Add(DiffCommand.Create(program));
        root.Add(TraceCommand.Create(program));
        root.Add(DiagnoseCommand.Create(program));
        root.Add(SystemCommands.Log(program));
        root.Add(SystemCommands.Reload(program));
        root.Add(CompletionCommand.Create(program, root));
        return root;
    }

    /// <summary>The text of <c>--help</c>: what a command does, and one line to try.</summary>
    public static string Describe(string what, string example) => $"{what}. Example: kubectl ko {example}";
}
