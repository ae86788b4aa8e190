using System.Net;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.Rules;

/// <summary>A pod that holds a virtual address beside its own, as keepalived does: it announces the address and answers for it.</summary>
public sealed class VipHolder : IAsyncDisposable
{
    private readonly LabCluster _lab;
    private readonly string _pod;
    private readonly IPAddress _vip;
    private readonly Responder _responder;

    private VipHolder(LabCluster lab, string pod, IPAddress vip, Responder responder) =>
        (_lab, _pod, _vip, _responder) = (lab, pod, vip, responder);

    internal static async Task<VipHolder> TakeAsync(LabCluster lab, string pod, IPAddress vip)
    {
        await lab.Exec(pod, "ip", "addr", "add", $"{vip}/24", "dev", "eth0").RunAsync();
        var responder = await Responder.StartAsync(lab, pod, Outside.Port, vip);
        await lab.Exec(pod, "arping", "-U", "-c1", "-I", "eth0", $"{vip}").RunAsync();
        return new VipHolder(lab, pod, vip, responder);
    }

    public async ValueTask DisposeAsync()
    {
        await _responder.DisposeAsync();
        await _lab.Exec(_pod, "ip", "addr", "del", $"{_vip}/24", "dev", "eth0").RunAsync();
    }
}
