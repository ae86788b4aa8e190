using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Controller.Tests.Support;

/// <summary>A controller in this process, as the program composes it.</summary>
internal sealed class RunningController : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KubeClient _kube;
    private readonly ControllerHost _host;
    private readonly Task<bool> _running;

    private RunningController(ControllerOptions options, string kubeConfig, ControllerSurroundings surroundings)
    {
        _kube = new KubeClient(KubeConfig.Load(kubeConfig), new KubeClientOptions { UserAgent = "sluice-controller", Intercept = surroundings.Intercept });
        _host = new ControllerHost(options, _kube, surroundings.Logs, surroundings.Time);
        _running = _host.RunAsync(_stop.Token);
    }

    public ControllerHost Host => _host;

    public ControllerTerm Term => _host.Term ?? throw new InvalidOperationException("It does not lead");

    /// <summary>Objects written so far.</summary>
    public long ApiWrites => _host.Metrics.ApiWrites;

    /// <summary>Statuses written so far of objects of a kind.</summary>
    public long StatusWrites(string kind) => _host.Metrics.ApiWritesOf(kind, "status");

    public string Metrics => _host.Metrics.ToString();

    /// <summary>Whether it leads, knows everything, and has nothing left to do.</summary>
    public bool IsIdle => _host.Term is { IsInSync: true, IsIdle: true };

    /// <summary>Returns at once.</summary>
    public static RunningController Start(ControllerOptions options, string kubeConfig, ControllerSurroundings? surroundings = null) =>
        new(options, kubeConfig, surroundings ?? new());

    /// <summary>Returns when it leads and has looked at everything once.</summary>
    /// <param name="settle">Whether to wait for the latter.</param>
    public static async Task<RunningController> StartAsync(
        ControllerOptions options, string kubeConfig, ControllerSurroundings? surroundings = null, bool settle = true)
    {
        var controller = Start(options, kubeConfig, surroundings);
        await controller.LeadsAsync(settle);
        return controller;
    }

    /// <summary>Returns when it leads and has looked at everything once.</summary>
    /// <param name="settle">Whether to wait for the latter.</param>
    public async Task LeadsAsync(bool settle = true)
    {
        await Eventually.HoldsAsync(() => _running.IsCompleted || (_host.Term is { IsInSync: true } term && (!settle || term.IsIdle)));
        if (_running.IsCompleted)
            await _running;
    }

    /// <summary>Returns when nothing is left to do.</summary>
    public Task SettleAsync() => Eventually.HoldsAsync(() => Term.IsIdle);

    /// <summary>Looks at everything anew and returns what that wrote: API objects and northbound operations, which should be none.</summary>
    public async Task<(long ApiWrites, long Operations)> ResyncAsync(NorthboundDatabase northbound)
    {
        await SettleAsync();
        var (writes, version) = (ApiWrites, northbound.Current.Version);
        Term.Resync();
        await SettleAsync();
        return (ApiWrites - writes, northbound.Current.Version - version);
    }

    /// <summary>Ends one whose outside world has failed: nobody asks how it ended.</summary>
    public async Task KillAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Release();
    }

    private void Release()
    {
        _stop.Dispose();
        _kube.Dispose();
    }
}
