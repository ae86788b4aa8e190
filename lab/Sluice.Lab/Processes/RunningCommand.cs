using System.Diagnostics;
using System.Threading.Channels;

namespace Sluice.Lab.Processes;

/// <summary>A program that runs beside us until we stop it, its output (both streams) readable line by line meanwhile.</summary>
public sealed class RunningCommand : IAsyncDisposable
{
    private readonly Command _command;
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private readonly Task _reading;

    private RunningCommand(Command command, Process process)
    {
        _command = command;
        _process = process;
        _reading = ReadAsync();
    }

    public static RunningCommand Start(Command command)
    {
        var process = command.Start(redirect: true);
        process.StandardInput.Close();
        return new RunningCommand(command, process);
    }

    /// <summary>Returns the first line, from here on, that satisfies <paramref name="condition"/>.</summary>
    /// <exception cref="CommandException">The program ended without printing such a line.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> condition, CancellationToken cancellation = default)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellation))
        {
            _seen.Add(line);
            if (condition(line))
                return line;
        }
        await _process.WaitForExitAsync(cancellation);
        throw new CommandException(_command, new CommandResult(_process.ExitCode, "", string.Join('\n', _seen)));
    }

    /// <summary>Passes over the lines printed up to now: the next one waited for is news.</summary>
    public void SkipPrinted()
    {
        while (_lines.Reader.TryRead(out var line))
            _seen.Add(line);
    }

    public Task WaitForExitAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    /// <summary>Asks the program to end and returns every line it printed.</summary>
    public async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellation = default)
    {
        ProcessIdentity.Of(_process.Id)?.Send(Signal.Interrupt);
        await _process.WaitForExitAsync(cancellation);
        await _reading;
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellation))
            _seen.Add(line);
        return _seen;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
        _lines.Writer.Complete();
    }

    private async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            _lines.Writer.TryWrite(line);
    }
}
