using System.Diagnostics;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>A real <c>ovsdb-server</c> with an empty database on a unix socket of its own.</summary>
internal sealed class OvsdbServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-ovn-").FullName;
    private Process? _process;

    public Endpoint Endpoint => new(EndpointScheme.Unix, Path.Combine(_folder, "db.sock"));

    private string File => Path.Combine(_folder, "db");

    /// <param name="edit">Changes the schema before the database is made.</param>
    public static async Task<OvsdbServer> StartNewAsync(string schema = "ovn-nb.ovsschema", Func<string, string>? edit = null)
    {
        var server = new OvsdbServer();
        var edited = Path.Combine(server._folder, "schema");
        var text = await System.IO.File.ReadAllTextAsync(Repository.Schema(schema));
        await System.IO.File.WriteAllTextAsync(edited, edit is null ? text : edit(text));
        await RunAsync("ovsdb-tool", "create", server.File, edited);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        System.IO.File.Delete(Endpoint.Address);
        _process = Process.Start("ovsdb-server",
        [
            "--no-chdir", "--verbose=off", $"--unixctl={Path.Combine(_folder, "ctl")}", $"--remote=punix:{Endpoint.Address}", File,
        ]);
        while (!System.IO.File.Exists(Endpoint.Address))
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

    public OvnDatabaseOptions Options => new() { Endpoints = [Endpoint] };

    /// <summary>A database client that is in sync.</summary>
    public async Task<NorthboundDatabase> ConnectAsync(Func<OvnDatabaseOptions, OvnDatabaseOptions>? change = null)
    {
        var database = new NorthboundDatabase(change?.Invoke(Options) ?? Options);
        await database.StartAsync(TestContext.Timeout());
        return database;
    }

    /// <summary>A client that is not ours and monitors nothing.</summary>
    public async Task<OvsdbClient> ConnectStrangerAsync(string database = NorthboundModel.Database)
    {
        var client = new OvsdbClient(new()
        {
            Endpoints = [Endpoint],
            Database = database,
            Monitor = new Dictionary<string, IReadOnlyList<string>?>(),
        });
        await client.StartAsync(TestContext.Timeout());
        return client;
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
