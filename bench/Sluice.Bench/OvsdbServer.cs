using System.Diagnostics;

namespace Sluice.Bench;

/// <summary>An <c>ovsdb-server</c> of our own with an empty northbound database, on a unix socket in a private folder.</summary>
internal sealed class OvsdbServer : IAsyncDisposable
{
    private const string Schema = "/usr/share/ovn/ovn-nb.ovsschema";

    private readonly Process _process;

    private OvsdbServer(string folder, Process process)
    {
        Folder = folder;
        _process = process;
    }

    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "nb.sock");

    public string Remote => $"unix:{Socket}";

    public int ProcessId => _process.Id;

    public static async Task<OvsdbServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var database = Path.Combine(folder, "nb.db");
        await RunAsync("ovsdb-tool", ["create", database, Schema], cancellationToken);

        var process = Start("ovsdb-server",
        [
            "--no-chdir", "--verbose=console:off", $"--unixctl={Path.Combine(folder, "nb.ctl")}",
            $"--log-file={Path.Combine(folder, "nb.log")}", $"--remote=punix:{Path.Combine(folder, "nb.sock")}", database,
        ]);
        var server = new OvsdbServer(folder, process);
        while (!File.Exists(server.Socket))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"ovsdb-server exited with {process.ExitCode}; see {folder}/nb.log");
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }

        return server;
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
