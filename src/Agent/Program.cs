using Sluice.Agent.Options;

try
{
    AgentFlags.Parse(args, Environment.GetEnvironmentVariable);
    return 0;
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"sluice-agent: {e.Message}");
    return 2;
}
