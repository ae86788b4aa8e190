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

    /// <summary>Where the members of a cluster talk to each other.</summary>
    private string Raft => $"unix:{Path.Combine(_folder, "nb.raft")}";

    private string Control => Path.Combine(_folder, "nb.ctl");

    public static async Task<OvsdbServer> StartNewAsync()
    {
        var server = await CreateAsync();
        await server.StartAsync();
        return server;
    }

    /// <summary>One that does not run yet.</summary>
    public static async Task<OvsdbServer> CreateAsync()
    {
        var server = new OvsdbServer();
        await RunAsync("ovsdb-tool", "create", server.Database, Schema);
        return server;
    }

    /// <summary>The first member of a cluster.</summary>
    public static async Task<OvsdbServer> CreateClusterAsync()
    {
        var server = new OvsdbServer();
        await RunAsync("ovsdb-tool", "create-cluster", server.Database, Schema, server.Raft);
        return server;
    }

    /// <summary>One more member of the cluster that <paramref name="first"/> belongs to.</summary>
    public static async Task<OvsdbServer> JoinAsync(OvsdbServer first)
    {
        var server = new OvsdbServer();
        await RunAsync("ovsdb-tool", "join-cluster", server.Database, "OVN_Northbound", server.Raft, first.Raft);
        return server;
    }

    public async Task StartAsync(params string[] arguments)
    {
        File.Delete(Endpoint.Address);
        _process = Process.Start("ovsdb-server",
        [
            "--no-chdir", "--verbose=off", $"--unixctl={Control}", $"--remote=punix:{Endpoint.Address}", .. arguments, Database,
        ]);
        while (!File.Exists(Endpoint.Address))
        {
            _process.HasExited.ShouldBeFalse("ovsdb-server did not start");
            await Task.Delay(10);
        }
    }

    /// <summary>Whether this member of a cluster runs and leads it.</summary>
    public async Task<bool> IsLeaderAsync()
    {
        if (_process is not { HasExited: false })
            return false;
        using var process = Process.Start(
            new ProcessStartInfo("ovs-appctl", ["-t", Control, "cluster/status", "OVN_Northbound"]) { RedirectStandardOutput = true })!;
        var status = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return status.Contains("Role: leader", StringComparison.Ordinal);
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
