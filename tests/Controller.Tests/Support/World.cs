using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab.Processes;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Ovsdb;

namespace Sluice.Controller.Tests.Support;

/// <summary>
/// One scenario's world: the shared API server, emptied at the end, OVN databases of its own, and a controller that can be restarted.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private readonly ApiServerFixture _server;
    private readonly OvsdbServer _nb;
    private readonly OvsdbServer _sb;
    private RunningController? _controller;
    private RunningController? _standby;

    private World(ApiServerFixture server, OvsdbServer nb, OvsdbServer sb, ControllerOptions options)
    {
        (_server, _nb, _sb) = (server, nb, sb);
        Northbound = new NorthboundDatabase(new OvnDatabaseOptions { Endpoints = [nb.Endpoint] });
        Options = options with
        {
            NorthboundAddress = nb.Endpoint.ToString(),
            SouthboundAddress = sb.Endpoint.ToString(),
            RetryMinDelay = TimeSpan.FromMilliseconds(50),
            RetryMaxDelay = TimeSpan.FromSeconds(1),
        };
    }

    public ControllerOptions Options { get; set; }

    /// <summary>What the requests of this world's controllers go through; see <see cref="KubeClientOptions.Intercept"/>.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Intercept { get; set; }

    /// <summary>The clock of this world's controllers.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public KubeClient Kube => _server.Kube;

    /// <summary>Where the northbound database is.</summary>
    public Endpoint NorthboundServer => _nb.Endpoint;

    /// <summary>Looks at the database as an observer.</summary>
    public NorthboundDatabase Northbound { get; }

    public RunningController Controller => _controller ?? throw new InvalidOperationException("No controller runs");

    /// <summary>Starts databases and a controller that uses the walkthrough's external subnet.</summary>
    public static async Task<World> StartAsync(ApiServerFixture server, ControllerOptions? options = null, bool controller = true)
    {
        var world = new World(
            server,
            await OvsdbServer.StartAsync("ovn-nb"),
            await OvsdbServer.StartAsync("ovn-sb"),
            options ?? new ControllerOptions { ExternalGatewaySwitch = "external204" });
        await world.Northbound.StartAsync(CancellationToken.None);
        if (controller)
            await world.StartControllerAsync();
        return world;
    }

    /// <param name="settle">Whether to wait until it has looked at everything once.</param>
    public async Task StartControllerAsync(bool settle = true) =>
        _controller = await RunningController.StartAsync(Named(Options), _server.ControllerKubeConfig, Surroundings, settle);

    /// <summary>A controller beside the one of this world, to do something to. Returns at once.</summary>
    /// <param name="surroundings">Those of this world's when null.</param>
    public RunningController StartAnother(ControllerOptions options, ControllerSurroundings? surroundings = null) =>
        RunningController.Start(Named(options), _server.ControllerKubeConfig, surroundings ?? Surroundings);

    /// <summary>Starts a controller that waits for the end of the leader.</summary>
    public void StartStandby() => _standby = StartAnother(Options);

    public async Task StopStandbyAsync()
    {
        if (_standby is not null)
            await _standby.DisposeAsync();
        _standby = null;
    }

    /// <summary>Stops the leader at once and starts it again; when there is a standby, that leads, and what starts stands by.</summary>
    public async Task RestartControllerAsync()
    {
        await StopControllerAsync();
        if (_standby is null)
        {
            await StartControllerAsync(settle: false);
            return;
        }
        (_controller, _standby) = (_standby, null);
        await _controller.LeadsAsync(settle: false);
        StartStandby();
    }

    public async Task StopControllerAsync()
    {
        if (_controller is not null)
            await _controller.DisposeAsync();
        _controller = null;
    }

    /// <summary>A switch port by name, or null.</summary>
    public LogicalSwitchPort? Port(string name) => Northbound.Current.ByName<LogicalSwitchPort>(name)?.Row;

    /// <summary>Changes the northbound database behind the controller's back.</summary>
    public Task<string> NbctlAsync(params string[] arguments) =>
        new Command("ovn-nbctl", [$"--db={_nb.Endpoint}", .. arguments]).RunAsync();

    /// <summary>Says, as ovn-northd and ovn-controller would, that a chassis carries a router's gateway port now.</summary>
    public async Task MoveGatewayAsync(string routerPort, string chassis)
    {
        if ((await SbctlAsync("--bare", "--columns=_uuid", "find", "Chassis", $"name={chassis}")).Length == 0)
            await SbctlAsync("chassis-add", chassis, "geneve", $"127.0.0.{chassis[^1]}");
        if ((await SbctlAsync("--bare", "--columns=_uuid", "find", "Port_Binding", $"logical_port=cr-{routerPort}")).Length == 0)
        {
            await SbctlAsync(
                "--id=@dp", "create", "Datapath_Binding", "tunnel_key=1", "--", "create", "Port_Binding", $"logical_port=cr-{routerPort}",
                "type=chassisredirect", "datapath=@dp", "tunnel_key=1");
        }
        var uuid = (await SbctlAsync("--bare", "--columns=_uuid", "find", "Chassis", $"name={chassis}")).Trim();
        await SbctlAsync("set", "Port_Binding", $"cr-{routerPort}", $"chassis={uuid}");
    }

    /// <summary>Makes the row by which ovn-northd tells the chassis of a BFD session.</summary>
    /// <returns>The UUID of the row.</returns>
    public async Task<string> KeepSessionAsync(string routerPort, string peer) => (await SbctlAsync(
        "create", "BFD", $"logical_port={routerPort}", $"dst_ip=\"{peer}\"", "src_port=49152", "disc=1", "min_tx=1000", "min_rx=1000", "detect_mult=3", "status=up")).Trim();

    /// <summary>Says, as ovn-controller would, how far a chassis has come.</summary>
    public async Task CatchUpAsync(string chassis, long sequence)
    {
        if ((await SbctlAsync("--bare", "--columns=_uuid", "find", "Chassis_Private", $"name={chassis}")).Length == 0)
            await SbctlAsync("create", "Chassis_Private", $"name={chassis}");
        await SbctlAsync("set", "Chassis_Private", chassis, string.Create(CultureInfo.InvariantCulture, $"nb_cfg={sequence}"));
    }

    /// <summary>Kills the northbound database's server.</summary>
    public Task StopNorthboundAsync() => _nb.StopAsync();

    /// <summary>Kills the northbound database's server and starts it again.</summary>
    public Task RestartNorthboundAsync() => _nb.RestartAsync();

    public Task<T> CreateAsync<T>(ResourceType<T> type, T item)
        where T : KubeObject => Kube.CreateAsync(type, item);

    /// <summary>Changes an object as a user would who tries again when the controller was faster.</summary>
    public async Task ChangeAsync<T>(ResourceType<T> type, string name, Func<T, T> change)
        where T : KubeObject
    {
        while (true)
        {
            try
            {
                await Kube.ReplaceAsync(type, change(await Kube.GetAsync(type, null, name)));
                return;
            }
            catch (KubeException e) when (e.IsConflict)
            {
                // It has been written in between.
            }
        }
    }

    public Task DeleteAsync<T>(ResourceType<T> type, string name, string? ns = null)
        where T : KubeObject => Kube.DeleteAsync(type, ns, name, new DeleteOptions { GracePeriodSeconds = 0 });

    /// <summary>Waits until an object is as it should be, and returns it.</summary>
    public async Task<T> EventuallyAsync<T>(
        ResourceType<T> type, string name, Func<T, bool> condition, string? ns = null, [CallerArgumentExpression(nameof(condition))] string what = "")
        where T : KubeObject
    {
        T? item = null;
        await Eventually.HoldsAsync(
            async () => (item = await Kube.FindAsync(type, ns, name)) is not null && condition(item),
            () => item is null ? $"{type} {name} does not exist" : JsonSerializer.Serialize(item, type.Json),
            what);
        return item!;
    }

    public Task EventuallyGoneAsync<T>(ResourceType<T> type, string name, string? ns = null)
        where T : KubeObject => Eventually.HoldsAsync(
            async () => await Kube.FindAsync(type, ns, name) is null,
            () => $"{type} {name}",
            "it is gone");

    /// <summary>Waits until no northbound row is ours.</summary>
    public Task EventuallyOwnsNothingAsync() => Eventually.HoldsAsync(
        () => Task.FromResult(Northbound.Current.Owners().Count == 0),
        () => string.Join(' ', Northbound.Current.Owners()),
        "no row is left");

    /// <summary>Stops everything after making sure that a full resync would write nothing, and empties the API server.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_controller is not null)
            {
                await Idleness.WaitAsync(this, _controller);
                (await _controller.ResyncAsync(Northbound)).ShouldBe((0, 0), $"a resync must write nothing\n{_controller.Metrics}");
            }
        }
        finally
        {
            await AbandonAsync();
        }
    }

    /// <summary>Stops everything, whatever state it is in, and empties the API server: for a scenario that failed.</summary>
    public async Task AbandonAsync()
    {
        await StopStandbyAsync();
        await StopControllerAsync();
        await EmptyAsync();
        await Northbound.DisposeAsync();
        await _nb.DisposeAsync();
        await _sb.DisposeAsync();
    }

    private async Task EmptyAsync()
    {
        await EmptyAsync(CoreResources.Pods);
        await EmptyAsync(CoreResources.Nodes);
        await EmptyAsync(CoreResources.StatefulSets);
        await DeleteAsync(CoreResources.ConfigMaps, ExternalGatewayConfig.Name, "kube-system");
        await EmptyAsync(SluiceResources.OvnFips);
        await EmptyAsync(SluiceResources.OvnSnatRules);
        await EmptyAsync(SluiceResources.OvnDnatRules);
        await EmptyAsync(SluiceResources.OvnEips);
        await EmptyAsync(SluiceResources.Vips);
        await EmptyAsync(SluiceResources.Ips);
        await EmptyAsync(SluiceResources.Subnets);
        await EmptyAsync(SluiceResources.Vpcs);
        await EmptyAsync(SluiceResources.Vlans);
        await EmptyAsync(SluiceResources.ProviderNetworks);
    }

    public Task<string> SbctlAsync(params string[] arguments) =>
        new Command("ovn-sbctl", [$"--db={_sb.Endpoint}", .. arguments]).RunAsync();

    /// <summary>Deletes all objects of a kind, finalizers or not.</summary>
    private async Task EmptyAsync<T>(ResourceType<T> type)
        where T : KubeObject
    {
        foreach (var item in (await Kube.ListAsync(type)).Items)
        {
            var (ns, name) = (item.Metadata.Namespace, item.Metadata.Name);
            await Kube.DeleteAsync(type, ns, name, new DeleteOptions { GracePeriodSeconds = 0 });
            if (item.Metadata.Finalizers is { Count: > 0 } && await Kube.FindAsync(type, ns, name) is not null)
                await Kube.PatchAsync(type, ns, name, Patch.Merge(new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["finalizers"] = null } }));
        }
    }

    private ControllerSurroundings Surroundings => new() { Logs = Logs(), Intercept = Intercept, Time = Time };

    private static ControllerOptions Named(ControllerOptions options) =>
        options with { Election = options.Election with { Identity = Guid.NewGuid().ToString() } };

    /// <summary>The controller's log, when somebody wants to see it.</summary>
    private static ILoggerFactory Logs() => Environment.GetEnvironmentVariable("SLUICE_TEST_LOG") is null
        ? NullLoggerFactory.Instance
        : LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddSimpleConsole(console => console.SingleLine = true));
}
