using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Agent.Processes;

/// <summary>Programs of the node that this agent can not do without: iproute2, util-linux, nftables, BIRD.</summary>
internal static class HostCommand
{
    /// <exception cref="InvalidOperationException">It is not there, or failed; the message has what it said.</exception>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken ct, string input = "")
    {
        using var process = Start(command);
        await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{string.Join(' ', command)}: {error.Trim()}");
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
