using System.Diagnostics;
using System.Globalization;
using Sluice.Lab.Processes;
using Spectre.Console;

namespace Sluice.Lab.Demo;

/// <summary>Where the walkthrough is shown: section titles, commands with what they print, and claims with their proof.</summary>
internal sealed class Stage(IAnsiConsole console)
{
    private readonly List<Proof> _proofs = [];
    private readonly List<(string Title, TimeSpan Duration)> _sections = [];
    private string _section = "";

    public IReadOnlyList<Proof> Proofs => _proofs;

    /// <summary>Shows a section under its title; the next one may be tried even if this one fails.</summary>
    public async Task SectionAsync(string number, string title, Func<Task> content)
    {
        _section = number;
        var started = Stopwatch.GetTimestamp();
        Title($"{number} {title}");
        try
        {
            await content();
        }
        catch (Exception e) when (e is CommandException or ComponentException or LabException)
        {
            Add("the section runs to its end", held: false, e.Message, started);
        }
        _sections.Add(($"{number} {title}", Stopwatch.GetElapsedTime(started)));
    }

    public void Say(string text) => console.MarkupLine($"[grey]# {Markup.Escape(text)}[/]");

    /// <summary>Shows a command as a reader would type it, runs it and shows what it printed.</summary>
    public async Task<string> RunAsync(string typed, Command command, CancellationToken cancellation)
    {
        console.MarkupLine($"[bold blue]$[/] [bold]{Markup.Escape(typed)}[/]");
        var result = await command.TryAsync(cancellation);
        // As it is: a table of kubectl's is no text to wrap.
        await console.Profile.Out.Writer.WriteAsync(result.Output + (result.ExitCode == 0 ? "" : result.Error));
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

    /// <summary>Ends the show with everything that was claimed, and how long it took.</summary>
    public void Summarize()
    {
        Title("How long each part took");
        var times = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        foreach (var (title, duration) in _sections)
            times.AddRow(new Text(title), new Text(Seconds(duration)).RightJustified());
        console.Write(times);

        Title("What was proven");
        var table = new Table().Border(TableBorder.None).AddColumns("", "SECTION", "CLAIM", "SEEN", "TIME");
        foreach (var proof in _proofs)
        {
            table.AddRow(
                new Markup(Verdict(proof.Held)), new Text(proof.Section), new Text(proof.Claim), new Text(proof.Evidence), new Text(Seconds(proof.Duration)));
        }
        console.Write(table);
        var held = _proofs.Count(proof => proof.Held);
        var total = _sections.Aggregate(TimeSpan.Zero, (sum, section) => sum + section.Duration);
        console.MarkupLine($"[bold]{held} of {_proofs.Count} claims held[/], in {Seconds(total)}");
    }

    private void Title(string text)
    {
        console.WriteLine();
        if (console.Profile.Capabilities.Ansi)
            console.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
        else
            console.WriteLine($"=== {text}");
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
