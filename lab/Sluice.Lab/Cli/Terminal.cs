using Spectre.Console;

namespace Sluice.Lab.Cli;

/// <summary>Where the lab's own words go: colours and boxes on a terminal, plain lines in a file or a pipe.</summary>
internal static class Terminal
{
    private const int PlainWidth = 200;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Create(new AnsiConsoleSettings());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = PlainWidth;
        return console;
    }
}
