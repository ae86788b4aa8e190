using System.Globalization;

namespace Sluice.Bench;

/// <summary>Prints figures as a plain table.</summary>
internal static class Report
{
    private static readonly string[] Header = ["id", "what", "ours", "floor", "ratio", "budget", "baseline"];

    public static string Line(Figure figure) => string.Join("  ", Cells(figure).Skip(1));

    public static void Print(BenchRun run, Baseline baseline, TextWriter output)
    {
        var rows = run.Figures
            .Select(figure => (string[])[.. Cells(figure), baseline.Compare(figure)])
            .Prepend(Header)
            .ToArray();
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        foreach (var note in run.Notes)
            output.WriteLine($"note: {note}");
        var budgets = run.Figures.Where(figure => figure.Within is not null).ToArray();
        output.WriteLine($"{budgets.Count(figure => figure.Within == true)} of {budgets.Length} budgets met");
    }

    /// <summary>The figures as docs/performance.md shows them.</summary>
    public static string Markdown(IReadOnlyList<Figure> figures) => string.Concat(
        figures.Select(figure =>
        {
            var verdict = figure.Within is null ? "-" : $"{(figure.AtLeast ? "at least" : "at most")} {figure.Budget:0.##}: {(figure.Within == true ? "met" : "**missed**")}";
            var cells = Cells(figure);
            return $"| {cells[0]} | {cells[1].Trim()} | {cells[2]} | {cells[3]} | {cells[4]} | {verdict} |\n";
        })
        .Prepend("| | what | Sluice | floor or peer | ratio | budget |\n|---|---|---|---|---|---|\n"));

    private static string[] Cells(Figure figure) =>
    [
        figure.Id,
        figure.What,
        Number(figure.Ours, figure.Unit),
        figure.Floor is { } floor ? $"{Number(floor, figure.Unit)} ({figure.FloorName})" : "-",
        figure.Ratio is { } ratio ? ratio.ToString(ratio >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture) + " x" : "-",
        figure.Verdict,
    ];

    private static string Number(double value, string unit) =>
        value.ToString(value >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture) + " " + unit;
}
