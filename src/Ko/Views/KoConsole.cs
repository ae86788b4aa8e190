using Spectre.Console;

namespace Sluice.Ko.Views;

/// <summary>Where our own words go: colours on a terminal, plain lines in a file or a pipe.</summary>
internal static class KoConsole
{
    /// <summary>A line of a file or a pipe is never broken: somebody may search for it.</summary>
    private const int PlainWidth = 4000;

    public static IAnsiConsole To(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
