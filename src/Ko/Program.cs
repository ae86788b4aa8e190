using System.Collections;
using Sluice.Ko;
using Sluice.Ko.Cli;
using Sluice.Ko.Processes;
using Sluice.Kube;
using Sluice.Ovsdb;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
try
{
    return await new KoProgram(new SystemProcesses(), environment, Console.Out).RunAsync(args);
}
catch (Exception e) when (e is KoException or KubeException or KubeConfigException or OvsdbException or FormatException or IOException)
{
    await Console.Error.WriteLineAsync($"kubectl-ko: {e.Message}");
    return 1;
}
