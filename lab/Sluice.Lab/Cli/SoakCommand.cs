using System.CommandLine;
using Sluice.Lab.Soak;

namespace Sluice.Lab.Cli;

/// <summary><c>lab soak</c>: a lab under users and faults.</summary>
internal static class SoakCommand
{
    private const string DefaultLab = "soak";

    public static Command Create()
    {
        var minutes = new Option<int>("--minutes") { Description = "How long, about; every fault comes at least once", DefaultValueFactory = _ => 30 };
        var seed = new Option<int>("--seed") { Description = "What users do and in which order faults come follows from it", DefaultValueFactory = _ => 1 };
        var command = new Command(
            "soak", "Change addresses and rules at random while programs are killed, paused and moved; the exit code is 0 if nothing was lost and nothing leaked")
        {
            minutes, seed,
        };
        command.SetAction((result, cancellation) => RunAsync(TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(seed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan duration, int seed, CancellationToken cancellation)
    {
        var console = Terminal.Create();
        var name = LabName.Given ?? DefaultLab;
        await LabCluster.DownAsync(name, cancellation);
        try
        {
            var lab = await LabCluster.UpAsync(new LabOptions { Name = name }, new StepPrinter(console), cancellation);
            return await new SoakRun(lab, console, seed).RunAsync(duration, cancellation) ? 0 : 1;
        }
        finally
        {
            await LabCluster.DownAsync(name, CancellationToken.None);
        }
    }
}
