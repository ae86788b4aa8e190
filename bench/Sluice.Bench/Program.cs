using System.Text.Json;
using Sluice.Bench;
using Sluice.Bench.Scenarios;

if (args is [ReplicaLoad.ChildCommand, var remote])
    return await ReplicaLoad.LoadAsync(remote);

// Every scenario measures its floor again in the same run: on a busy machine only ratios mean anything.
IReadOnlyList<IScenario> scenarios = [new NatCommit(), new ReplicaLoad()];

var wanted = args.ToHashSet(StringComparer.OrdinalIgnoreCase);
var figures = new List<Figure>();
foreach (var scenario in scenarios.Where(scenario => wanted.Count == 0 || wanted.Contains(scenario.Id)))
{
    Console.WriteLine($"{scenario.Id}: {scenario.Title} ...");
    foreach (var figure in await scenario.RunAsync(CancellationToken.None))
    {
        figures.Add(figure);
        Console.WriteLine($"    {Report.Line(figure)}");
    }
}

Console.WriteLine();
Report.Print(figures, Console.Out);

var file = Path.Combine(Environment.GetEnvironmentVariable("BENCH_OUT") ?? "artifacts", "bench.json");
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
await File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures, FigureJson.Default.IReadOnlyListFigure));
Console.WriteLine($"figures written to {file}");
return 0;
