using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Sluice.Bench.Micro;

/// <summary>The inner loops under BenchmarkDotNet, with what they allocate: <c>sluice-bench micro</c>.</summary>
internal static class MicroBenchmarks
{
    public const string Command = "micro";

    /// <param name="arguments">Those of BenchmarkDotNet, such as <c>--filter *Diff*</c>.</param>
    public static int Run(string[] arguments)
    {
        // In this process: another one would have to be built with the repository's analyzers and package versions.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(JsonExporter.Brief)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Path.Combine("artifacts", "bench", "micro"));
        var summaries = BenchmarkSwitcher
            .FromTypes([typeof(CodecBenchmarks), typeof(ReplicaBenchmarks), typeof(PlanBenchmarks), typeof(PoolBenchmarks)])
            .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
        return summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
