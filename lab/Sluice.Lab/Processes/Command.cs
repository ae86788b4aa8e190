using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Lab.Processes;

/// <summary>A program that is run to its end, with its output collected.</summary>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Text for its standard input; without it the program reads end-of-file at once.</summary>
    public string? Input { get; init; }

    /// <summary>Variables added to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The same program run inside a network namespace; null is the namespace of this process.</summary>
    public Command In(string? networkNamespace) => networkNamespace is null
        ? this
        : this with { Program = "nsenter", Arguments = [$"--net={NetworkNamespaces.PathOf(networkNamespace)}", "--", Program, .. Arguments] };

    /// <summary>Runs the program and returns what it printed on standard output.</summary>
    /// <exception cref="CommandException">The program is missing or ended with another exit code than 0.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation = default)
    {
        var result = await TryAsync(cancellation);
        return result.ExitCode == 0 ? result.Output : throw new CommandException(this, result);
    }

    /// <summary>Runs the program and returns what it printed and how it ended, whatever that is.</summary>
    /// <exception cref="CommandException">The program is missing.</exception>
    public async Task<CommandResult> TryAsync(CancellationToken cancellation = default)
    {
        using var process = Start(redirect: true);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await WriteInputAsync(process.StandardInput);
            await process.WaitForExitAsync(cancellation);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs the program on this process's own terminal and returns its exit code.</summary>
    public async Task<int> PassThroughAsync(CancellationToken cancellation = default)
    {
        using var process = Start(redirect: false);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    public override string ToString() => string.Join(' ', [Program, .. Arguments]);

    internal Process Start(bool redirect)
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            RedirectStandardInput = redirect,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new CommandException(this, new CommandResult(127, "", e.Message));
        }
    }

    private async Task WriteInputAsync(StreamWriter stream)
    {
        try
        {
            if (Input is not null)
                await stream.WriteAsync(Input);
            stream.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input: its exit code and error text tell why.
        }
    }
}

public sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>A program that had to succeed did not.</summary>
public sealed class CommandException(Command command, CommandResult result)
    : Exception($"{command}: exit code {result.ExitCode}: {(result.Error.Length > 0 ? result.Error : result.Output).Trim()}")
{
    public CommandResult Result { get; } = result;
}
