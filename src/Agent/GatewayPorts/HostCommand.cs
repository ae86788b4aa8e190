using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Agent.GatewayPorts;

/// <summary>Programs of the node that this agent does not do without: iproute2, util-linux, BIRD.</summary>
internal static class HostCommand
{
    /// <exception cref="InvalidOperationException">It is not there, or failed; the message has what it said.</exception>
    public static async Task RunAsync(IReadOnlyList<string> command, CancellationToken ct)
    {
        using var process = Start(command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = await process.StandardError.ReadToEndAsync(ct);
        await output;
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {error.Trim()}");
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{command[0]} can not be run on this node: {e.Message}", e);
        }
    }
}
