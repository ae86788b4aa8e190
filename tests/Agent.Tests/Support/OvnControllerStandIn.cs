using Sluice.Agent.Ovs;
using Sluice.Ovsdb;

namespace Sluice.Agent.Tests.Support;

/// <summary>Says of every interface with an iface-id that its flows are installed, as ovn-controller would. The bridge switches by itself.</summary>
internal sealed class OvnControllerStandIn : IAsyncDisposable
{
    private readonly OvsDatabase _ovs;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public OvnControllerStandIn(OvsDatabase ovs)
    {
        _ovs = ovs;
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var row = await _ovs.WaitForAsync(Uninstalled, _stop.Token);
                await _ovs.TransactAsync([.. OvsOperations.SetKey(row, "external_ids", OvsIds.OvnInstalled, "true")], _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private static Row? Uninstalled(OvsSnapshot snapshot) => snapshot.Interfaces
        .Where(port => port.ExternalIds.Get(OvsIds.IfaceId) is not null && !port.IsInstalled && port.OpenFlowPort > 0)
        .Select(port => port.Row)
        .FirstOrDefault();
}
