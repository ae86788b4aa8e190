using System.CommandLine;
using Sluice.Lab.Demo;
using Spectre.Console;

namespace Sluice.Lab.Cli;

/// <summary><c>lab demo</c>: a lab that comes, shows the walkthrough, and goes.</summary>
internal static class DemoCommand
{
    private const string DefaultLab = "demo";

    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Leave the lab up afterwards" };
        var command = new Command("demo", "Bring a lab up, show the walkthrough on real packets, take it down; the exit code is 0 if every claim held") { keep };
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(keep), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool keep, CancellationToken cancellation)
    {
        var console = Terminal.Create();
        var stage = new Stage(console);
        var name = LabName.Given ?? DefaultLab;
        await LabCluster.DownAsync(name, cancellation);
        LabCluster? lab = null;
        try
        {
            await stage.SectionAsync("0.", $"Bring up lab '{name}': Kubernetes API, OVN, three nodes, an outside", async () =>
                lab = await LabCluster.UpAsync(new LabOptions { Name = name }, new StepPrinter(console), cancellation));
            if (lab is not null)
                await new Walkthrough(lab, stage).RunAsync(cancellation);
            stage.Summarize();
        }
        finally
        {
            if (keep && lab is not null)
                ShowHowToGoOn(console, name);
            else
                await LabCluster.DownAsync(name, CancellationToken.None);
        }
        return stage.Proofs.All(proof => proof.Held) ? 0 : 1;
    }

    private static void ShowHowToGoOn(IAnsiConsole console, string name)
    {
        console.WriteLine();
        console.MarkupLine("The lab is up. Look around, then take it down:");
        foreach (var arguments in new[] { "kubectl get oeip,ofip,osnat,odnat", "nbctl show vpc1", "exec vpc1/vpc-1-busybox01 -- ping 223.5.5.5", "down" })
            console.MarkupLine($"[bold blue]$[/] [bold]LAB={name} ./lab/lab {Markup.Escape(arguments)}[/]");
    }
}
