using Sluice.Ko.Cli;
using Sluice.Ko.Tests.Support;
using Sluice.Lab.Processes;

namespace Sluice.Ko.Tests.PassThroughs;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands() =>
        new(KoCommandLine.Create(new KoProgram(new RecordingProcesses(), new Dictionary<string, string>(), TextWriter.Null)).Subcommands
            .Where(command => command.Subcommands.Count == 0)
            .Select(command => command.Name));

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_has_an_example_that_begins_with_it(string name)
    {
        var help = await RunAsync("--help");

        help.Split('\n').ShouldContain(line => line.TrimStart().StartsWith(name, StringComparison.Ordinal)
            && line.Contains($"Example: kubectl ko {name}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ex", "explain")]
    [InlineData("explain f", "fip")]
    [InlineData("nb b", "backup")]
    [InlineData("log o", "ovn ovs")]
    public async Task Bash_completes_what_was_begun(string words, string completed)
    {
        var typed = words.Split(' ');
        var script = $"""
            {await RunAsync("completion", "bash")}
            COMP_WORDS=(kubectl-ko {words}); COMP_CWORD={typed.Length}; _kubectl_ko; echo "${"{COMPREPLY[*]}"}"
            """;

        (await new Command("bash", "-c", script).RunAsync()).Trim().ShouldBe(completed);
    }

    [Theory]
    [InlineData("zsh", "explain) compadd dnat eip fip pod snat ;;")]
    [InlineData("fish", "complete -c kubectl-ko -n '__fish_seen_subcommand_from explain' -a 'dnat eip fip pod snat'")]
    public async Task Other_shells_are_told_the_same(string shell, string line) => (await RunAsync("completion", shell)).ShouldContain(line);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        (await new KoProgram(new RecordingProcesses(), new Dictionary<string, string>(), output).RunAsync(arguments)).ShouldBe(0);
        return output.ToString();
    }
}
