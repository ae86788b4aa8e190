using System.CommandLine;
using Sluice.Ko.Drifting;
using Sluice.Ko.Views;
using Spectre.Console;

namespace Sluice.Ko.Cli;

/// <summary>Shows where the databases are not as the objects of the API ask.</summary>
internal static class DiffCommand
{
    public static Command Create(KoProgram program)
    {
        var format = OutputOption.Create();
        var command = new Command("diff", KoCommandLine.Describe(
            "Show where the northbound database differs from what the controller's plans want, and the southbound one from the northbound. "
            + "The exit code is 0 if nothing differs, else 1",
            "diff"))
        {
            format,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var drifts = DriftReport.Of(await program.SurveyAsync(cancellation));
            if (result.GetValue(format) == OutputOption.Json)
            {
                await program.Output.WriteLineAsync(JsonView.Of(drifts));
            }
            else if (!drifts.IsEmpty)
            {
                var table = new Table().Border(TableBorder.None).AddColumns("DATABASE", "ROW OF", "DIFFERENCE");
                foreach (var drift in drifts)
                    table.AddRow(new Text(drift.Database), new Text(drift.Owner), new Text(drift.What));
                KoConsole.To(program.Output).Write(table);
            }
            return drifts.IsEmpty ? 0 : 1;
        });
        return command;
    }
}
