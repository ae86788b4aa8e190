using System.Diagnostics;

namespace Sluice.Ovsdb.Tests.Server;

/// <summary>A real <c>ovsdb-server</c> with an empty northbound database on a unix socket of its own.</summary>
internal sealed class OvsdbServer : IAsyncDisposable
{
    private const string Schema = "/usr/share/ovn/ovn-nb.ovsschema";

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-ovsdb-").FullName;
    private Process? _process;

    public Endpoint Endpoint => new(EndpointScheme.Unix, Path.Combine(_folder, "nb.sock"));

    public string Database => Path.Combine(_folder, "nb.db");

    public static async Task<OvsdbServer> StartNewAsync()
    {
        var server = new OvsdbServer();
        await RunAsync("ovsdb-tool", "create", server.Database, Schema);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        File.Delete(Endpoint.Address);
        _process = Process.Start("ovsdb-server",
        [
            "--no-chdir", "--verbose=off", $"--unixctl={Path.Combine(_folder, "nb.ctl")}", $"--remote=punix:{Endpoint.Address}", Database,
        ]);
        while (!File.Exists(Endpoint.Address))
        {
            _process.HasExited.ShouldBeFalse("ovsdb-server did not start");
            await Task.Delay(10);
        }
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public OvsdbClient NewClient(Func<OvsdbOptions, OvsdbOptions>? change = null)
    {
        var options = new OvsdbOptions { Endpoints = [Endpoint], Database = "OVN_Northbound" };
        return new OvsdbClient(change?.Invoke(options) ?? options);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}
