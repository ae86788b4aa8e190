using System.Runtime.InteropServices;
using Sluice.Bench;
using Sluice.Bench.Micro;
using Sluice.Bench.Scenarios;

if (args is [ReplicaLoad.ChildCommand, var remote])
    return await ReplicaLoad.LoadAsync(remote);
if (args is [MicroBenchmarks.Command, ..])
    return MicroBenchmarks.Run(args[1..]);

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{BenchOptions.Usage}");
    return 2;
}

// Every scenario measures its floor again in the same run: on a busy machine only ratios mean anything.
var run = new BenchRun(options.Rounds, options.Largest, Console.Out);
foreach (var scenario in ScenarioList.All.Where(scenario => options.Wanted.Count == 0 || scenario.Ids.Any(options.Wanted.Contains)))
{
    Console.WriteLine($"{string.Join(", ", scenario.Ids)}: {scenario.Title} ...");
    try
    {
        await scenario.RunAsync(run, CancellationToken.None);
    }
    catch (MissingPeerException e)
    {
        run.Note($"{string.Join(", ", scenario.Ids)} not measured: {e.Message}");
    }
}

var baseline = await Baseline.ReadAsync(options.Baseline);
Console.WriteLine();
Report.Print(run, baseline, Console.Out);

var machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
await new Results(TimeProvider.System.GetUtcNow(), machine, run.Figures, run.Curves, run.Notes).WriteAsync(options.Folder);
Console.WriteLine($"figures and plots written to {options.Folder}");
if (options.UpdateBaseline)
    await baseline.WriteAsync(options.Baseline, run.Figures);
return 0;
