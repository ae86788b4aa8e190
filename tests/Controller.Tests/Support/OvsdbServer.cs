using System.Diagnostics;
using Sluice.Ovsdb;

namespace Sluice.Controller.Tests.Support;

/// <summary>A real <c>ovsdb-server</c> with an empty OVN database on a unix socket of its own.</summary>
internal sealed class OvsdbServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-controller-").FullName;
    private Process? _process;

    public Endpoint Endpoint => Endpoint.Parse($"unix:{Socket}");

    private string Socket => Path.Combine(_folder, "db.sock");

    /// <param name="schema"><c>ovn-nb</c> or <c>ovn-sb</c>.</param>
    public static async Task<OvsdbServer> StartAsync(string schema)
    {
        var server = new OvsdbServer();
        var database = Path.Combine(server._folder, "db");
        using (var create = Process.Start("ovsdb-tool", ["create", database, $"/usr/share/ovn/{schema}.ovsschema"]))
            await create.WaitForExitAsync();
        server._process = Process.Start("ovsdb-server",
        [
            "--no-chdir", "--verbose=off", $"--unixctl={Path.Combine(server._folder, "ctl")}", $"--remote=punix:{server.Socket}", database,
        ]);
        while (!File.Exists(server.Socket))
        {
            server._process.HasExited.ShouldBeFalse("ovsdb-server did not start");
            await Task.Delay(10);
        }
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
