using System.Globalization;
using Spectre.Console;

namespace Sluice.Lab.Cli;

/// <summary>Prints each part of a lab as it becomes ready.</summary>
internal sealed class StepPrinter(IAnsiConsole console) : IProgress<LabStep>
{
    private readonly Lock _lock = new();

    public void Report(LabStep value)
    {
        lock (_lock)
            console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[green]ready[/]  {value.Duration.TotalSeconds,5:0.0} s  {Markup.Escape(value.Name)}"));
    }
}
