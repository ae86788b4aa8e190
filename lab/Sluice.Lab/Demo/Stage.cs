using System.Diagnostics;
using System.Globalization;
using Sluice.Lab.Processes;
using Spectre.Console;

namespace Sluice.Lab.Demo;

/// <summary>Where the walkthrough is shown: section titles, commands with what they print, and claims with their proof.</summary>
internal sealed class Stage(IAnsiConsole console)
{
    private readonly List<Proof> _proofs = [];
    private string _section = "";

    public IReadOnlyList<Proof> Proofs => _proofs;

    public void Section(string number, string title)
    {
        _section = number;
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape($"{number} {title}")}[/]").LeftJustified());
    }

    public void Say(string text) => console.MarkupLine($"[grey]# {Markup.Escape(text)}[/]");

    /// <summary>Shows a command as a reader would type it, runs it and shows what it printed.</summary>
    public async Task<string> RunAsync(string typed, Command command, CancellationToken cancellation)
    {
        console.MarkupLine($"[bold blue]$[/] [bold]{Markup.Escape(typed)}[/]");
        var result = await command.TryAsync(cancellation);
        console.Write(new Text(result.Output));
        if (result.ExitCode != 0)
            console.Write(new Text(result.Error, new Style(Color.Red)));
        return result.ExitCode == 0 ? result.Output : throw new CommandException(command, result);
    }

    /// <summary>Shows a claim and whether it holds.</summary>
    /// <param name="proof">Returns the evidence, or throws.</param>
    public async Task ProveAsync(string claim, Func<Task<string>> proof)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            Add(claim, held: true, await proof(), started);
        }
        catch (Exception e) when (e is DisproofException or CommandException or LabException)
        {
            Add(claim, held: false, e.Message, started);
        }
    }

    /// <summary>Adds what stopped a section half-way.</summary>
    public void Fail(Exception problem) => Add("the section runs to its end", held: false, problem.Message, Stopwatch.GetTimestamp());

    /// <summary>Ends the show with everything that was claimed.</summary>
    public void Summarize(TimeSpan total)
    {
        console.WriteLine();
        console.Write(new Rule("[bold]What was proven[/]").LeftJustified());
        var table = new Table().Border(TableBorder.None).AddColumns("", "SECTION", "CLAIM", "SEEN", "TIME");
        foreach (var proof in _proofs)
        {
            table.AddRow(
                new Markup(Verdict(proof.Held)), new Text(proof.Section), new Text(proof.Claim), new Text(proof.Evidence), new Text(Seconds(proof.Duration)));
        }
        console.Write(table);
        var held = _proofs.Count(proof => proof.Held);
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[bold]{held} of {_proofs.Count} claims held[/], in {Seconds(total)}"));
    }

    private void Add(string claim, bool held, string evidence, long started)
    {
        var proof = new Proof(_section, claim, held, evidence.Trim(), Stopwatch.GetElapsedTime(started));
        _proofs.Add(proof);
        console.MarkupLine($"{Verdict(held)} {Markup.Escape(claim)}: [italic]{Markup.Escape(proof.Evidence)}[/] ({Seconds(proof.Duration)})");
    }

    private static string Verdict(bool held) => held ? "[green]held[/]" : "[red]FAILED[/]";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
