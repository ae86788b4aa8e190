using System.Diagnostics;
using System.Globalization;

namespace Sluice.Lab.Processes;

public enum ComponentState
{
    Stopped,
    Running,
    Paused,
}

/// <summary>
/// One program that a lab keeps running. The process outlives the command that started it: a file in
/// <see cref="Directory"/> remembers which process it is, another one collects what it prints.
/// </summary>
public sealed record Component
{
    private const string RecordExtension = ".process";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>What it is, e.g. <c>controller</c> or <c>ovs-vswitchd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The node it belongs to; null for a program that exists once.</summary>
    public string? Node { get; init; }

    /// <summary>Where its process record, its log and its sockets live.</summary>
    public required string Directory { get; init; }

    public required Command Command { get; init; }

    /// <summary>Asks, again and again after a start, whether it serves; null when being alive is enough.</summary>
    public Func<CancellationToken, Task<bool>>? IsReady { get; init; }

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take to end by itself before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>NAME</c> or <c>NAME@NODE</c>, as the lab's commands write it.</summary>
    public string Id => Node is null ? Name : $"{Name}@{Node}";

    public string LogFile => Path.Combine(Directory, $"{Name}.log");

    private string RecordFile => Path.Combine(Directory, $"{Name}{RecordExtension}");

    /// <summary>The process that runs it now; null when it is not running.</summary>
    public ProcessIdentity? Process
    {
        get
        {
            if (!File.Exists(RecordFile))
                return null;
            var recorded = ProcessIdentity.Parse(File.ReadAllText(RecordFile));
            return recorded.IsRunning ? recorded : null;
        }
    }

    public ComponentState State => Process is not { } process ? ComponentState.Stopped
        : File.ReadAllText($"/proc/{process.Pid}/stat").Contains(") T ", StringComparison.Ordinal) ? ComponentState.Paused
        : ComponentState.Running;

    /// <summary>The processes, running or not, of all components below a directory.</summary>
    public static IEnumerable<ProcessIdentity> Recorded(string directory) =>
        System.IO.Directory.EnumerateFiles(directory, $"*{RecordExtension}", SearchOption.AllDirectories)
            .Select(file => ProcessIdentity.Parse(File.ReadAllText(file)));

    /// <summary>Starts it, unless it runs, and returns when it is ready.</summary>
    /// <exception cref="ComponentException">It ended or did not become ready in time.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        var process = Process ?? Spawn();
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellation))
        {
            if (!process.IsRunning)
                throw new ComponentException(this, "ended while starting");
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw new ComponentException(this, string.Create(CultureInfo.InvariantCulture, $"is not ready after {StartTimeout.TotalSeconds} s"));
            await Task.Delay(PollInterval, cancellation);
        }
        if (!process.IsRunning)
            throw new ComponentException(this, "ended while starting");
    }

    /// <summary>Asks it to end, kills it when it does not, and returns when it is gone.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (Process is not { } process)
            return;
        process.Send(Signal.Terminate);
        process.Send(Signal.Continue);
        if (!await IsGoneAsync(process, StopTimeout, cancellation))
            await KillAsync(cancellation);
    }

    /// <summary>Ends it at once (SIGKILL) and returns when it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellation = default)
    {
        if (Process is not { } process)
            return;
        process.Send(Signal.Kill);
        if (!await IsGoneAsync(process, TimeSpan.FromSeconds(10), cancellation))
            throw new ComponentException(this, "survived SIGKILL");
    }

    /// <summary>Freezes it (SIGSTOP): it keeps its sockets and answers nothing.</summary>
    public void Pause() => Process?.Send(Signal.Stop);

    public void Resume() => Process?.Send(Signal.Continue);

    private async Task<bool> IsReadyAsync(CancellationToken cancellation) => IsReady is null || await IsReady(cancellation);

    private static async Task<bool> IsGoneAsync(ProcessIdentity process, TimeSpan patience, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (process.IsRunning)
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
                return false;
            await Task.Delay(PollInterval, cancellation);
        }
        return true;
    }

    // The shell and setsid replace themselves by the program, so the pid stays; a session of its own keeps
    // it away from the terminal's signals. Files and sockets that it makes belong to their owner alone.
    private ProcessIdentity Spawn()
    {
        System.IO.Directory.CreateDirectory(Directory);
        const string script = "umask 077; exec setsid \"$@\" </dev/null >>\"$0\" 2>&1";
        var launcher = Command with { Program = "/bin/sh", Arguments = ["-c", script, LogFile, Command.Program, .. Command.Arguments] };
        using var process = launcher.Start(redirect: false);
        var identity = ProcessIdentity.Of(process.Id) ?? throw new ComponentException(this, "ended while starting");
        File.WriteAllText(RecordFile, identity.ToString());
        return identity;
    }
}

/// <summary>A program of the lab could not be started or stopped; the message ends with the last lines of its log.</summary>
public sealed class ComponentException(Component component, string problem)
    : Exception($"{component.Id} {problem}\n{LastLines(component.LogFile)}")
{
    private static string LastLines(string file) =>
        File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(15).Select(line => $"    {line}")) : "    (no log)";
}
