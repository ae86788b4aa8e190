using System.Diagnostics;
using Sluice.Ovsdb;

namespace Sluice.Controller.Tests.Support;

/// <summary>A real <c>ovsdb-server</c> with an empty OVN database on a unix socket of its own.</summary>
internal sealed class OvsdbServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-controller-").FullName;
    private Process? _process;

    public Endpoint Endpoint => Endpoint.Parse($"unix:{Socket}");

    private string Database => Path.Combine(_folder, "db");

    private string Socket => Path.Combine(_folder, "db.sock");

    /// <param name="schema"><c>ovn-nb</c> or <c>ovn-sb</c>.</param>
    public static async Task<OvsdbServer> StartAsync(string schema)
    {
        var server = new OvsdbServer();
        using (var create = Process.Start("ovsdb-tool", ["create", server.Database, $"/usr/share/ovn/{schema}.ovsschema"]))
            await create.WaitForExitAsync();
        await server.StartAsync();
        return server;
    }

    /// <summary>Kills the server; <see cref="RestartAsync"/> brings it back.</summary>
    public Task StopAsync() => KillAsync();

    /// <summary>Kills the server and starts it again with the same database.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        File.Delete(Socket);
        _process = Process.Start("ovsdb-server",
        [
            "--no-chdir", "--verbose=off", $"--unixctl={Path.Combine(_folder, "ctl")}", $"--remote=punix:{Socket}", Database,
        ]);
        while (!File.Exists(Socket))
        {
            _process.HasExited.ShouldBeFalse("ovsdb-server did not start");
            await Task.Delay(10);
        }
    }

    private async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }
}
