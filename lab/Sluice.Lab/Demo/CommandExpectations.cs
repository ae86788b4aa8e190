using Sluice.Lab.Processes;

namespace Sluice.Lab.Demo;

internal static class CommandExpectations
{
    /// <summary>Runs a command that has to print exactly <paramref name="expected"/>.</summary>
    /// <exception cref="DisproofException">It prints something else.</exception>
    public static async Task ExpectAsync(this Command command, string expected, CancellationToken cancellation)
    {
        var output = (await command.RunAsync(cancellation)).Trim();
        if (output != expected)
            throw new DisproofException($"{command} printed '{output}' and not '{expected}'");
    }
}
