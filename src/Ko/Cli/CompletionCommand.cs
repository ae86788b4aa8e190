using System.CommandLine;

namespace Sluice.Ko.Cli;

/// <summary>Prints what makes a shell complete our commands.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create(KoProgram program, RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", KoCommandLine.Describe("Print a completion script for a shell", "completion bash > /etc/bash_completion.d/kubectl-ko")) { shell };
        command.SetAction(result => program.Output.Write(CompletionScripts.Of(result.GetValue(shell)!, Words(root))));
        return command;
    }

    /// <summary>The subcommands, and what may follow each.</summary>
    private static IReadOnlyList<(string Command, string Description, IReadOnlyList<string> Next)> Words(RootCommand root) =>
    [
        .. from command in root.Subcommands
           let values = command.Arguments.SelectMany(argument => argument.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)).Select(item => item.Label)
           select (command.Name, (command.Description ?? "").Split(". ")[0], (IReadOnlyList<string>)[.. command.Subcommands.Select(next => next.Name), .. values]),
    ];
}
