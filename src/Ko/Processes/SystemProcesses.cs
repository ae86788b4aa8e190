using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Ko.Processes;

/// <summary>The programs of this machine.</summary>
public sealed class SystemProcesses : IProcesses
{
    public async Task<int> RunAsync(Invocation invocation, Stream? input, Stream? output, CancellationToken cancellation)
    {
        using var process = Start(invocation, input is not null, output is not null);
        try
        {
            var reading = output is null ? Task.CompletedTask : process.StandardOutput.BaseStream.CopyToAsync(output, cancellation);
            if (input is not null)
                await FeedAsync(process.StandardInput.BaseStream, input, cancellation);
            await reading;
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    internal static Process Start(Invocation invocation, bool redirectInput, bool redirectOutput)
    {
        var start = new ProcessStartInfo(invocation.Program, invocation.Arguments)
        {
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = redirectOutput,
        };
        foreach (var (name, value) in invocation.Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new KoException($"{invocation.Program}: {e.Message}");
        }
    }

    private static async Task FeedAsync(Stream target, Stream input, CancellationToken cancellation)
    {
        try
        {
            await using (target)
                await input.CopyToAsync(target, cancellation);
        }
        catch (IOException)
        {
            // The program ended without reading all of it: its exit code tells why.
        }
    }
}
