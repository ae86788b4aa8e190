namespace Sluice.Cni;

internal static class Program
{
    private static int Main()
    {
        using var input = new MemoryStream();
        using (var standardInput = Console.OpenStandardInput())
            standardInput.CopyTo(input);

        var (exitCode, output) = Plugin.Run(Environment.GetEnvironmentVariable, input.ToArray());

        using var standardOutput = Console.OpenStandardOutput();
        standardOutput.Write(output);
        return exitCode;
    }
}
