using Sluice.Ko.Explaining;
using Spectre.Console;

namespace Sluice.Ko.Views;

/// <summary>An explanation for people: the verdict with its cause, then the path.</summary>
internal static class TextView
{
    public static void Write(Explanation explanation, IAnsiConsole console)
    {
        if (explanation.Cause is { } cause)
            console.MarkupLineInterpolated($"[red]{explanation.Kind} {explanation.Name} does not work:[/] {cause.Summary}");
        else
            console.MarkupLineInterpolated($"[green]{explanation.Kind} {explanation.Name} works[/]");
        console.WriteLine();

        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "");
        foreach (var column in table.Columns.SkipLast(1))
            column.NoWrap();
        foreach (var step in explanation.Path)
            table.AddRow(new Markup(Mark(step.State)), new Text(step.Kind), new Text(step.Name), new Text(step.Summary));
        console.Write(table);
    }

    private static string Mark(StepState state) => state switch
    {
        StepState.Ok => "[green]ok[/]",
        StepState.Warning => "[yellow]note[/]",
        _ => "[red]BAD[/]",
    };
}
