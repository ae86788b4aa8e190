using System.Net;
using Sluice.Lab.Network;
using Sluice.Lab.Nodes;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.Rules;

/// <summary>Claims about what rules do to packets, in terms of the names of OvnEips, Vips and pods.</summary>
public sealed class RuleProof(FormsLab fixture)
{
    private readonly Outside _outside = fixture.Outside;

    /// <summary>Ping, TCP and UDP from outside to the EIP reach the pod and are answered.</summary>
    public async Task LeadsToAsync(string eip, string pod) => await _outside.ReachesAsync(await fixture.EipAsync(eip), pod);

    public async Task LeadsToAsync(string eip, Transport transport, int port, string pod) =>
        await _outside.ReachesAsync(transport, await fixture.EipAsync(eip), port, pod);

    /// <summary>Ping, TCP and UDP from the pod are seen outside with the EIP as their source.</summary>
    public async Task ShowsAsync(string pod, string eip) => await _outside.SeesAsync(pod, await fixture.EipAsync(eip));

    /// <summary>TCP and UDP from one port of the pod are seen outside with the EIP as their source, and are answered.</summary>
    public async Task ShowsFromPortAsync(string pod, int port, string eip)
    {
        var address = await fixture.EipAsync(eip);
        foreach (var transport in Enum.GetValues<Transport>())
        {
            await _outside.AnswersAsync(
                pod, transport, Outside.AddressFor(address), Outside.Port, $"{LabLayout.Internet} sees {address}", Eventually.Patience, port);
        }
    }

    /// <summary>The pod reaches the second public network with the EIP as its source.</summary>
    public async Task ShowsInSecondNetworkAsync(string pod, string eip) => await _outside.AnswersAsync(
        pod, Transport.Tcp, FormsLab.SecondGateway, Outside.Port, $"{LabLayout.External} sees {await fixture.EipAsync(eip)}", Eventually.Patience);

    /// <summary>Somebody in the second public network reaches the pod by the EIP.</summary>
    public async Task LeadsFromSecondNetworkAsync(string eip, string pod) => await _outside.AnswersAsync(
        LabLayout.External, Transport.Udp, await fixture.EipAsync(eip), Outside.Port, $"{pod} sees {FormsLab.SecondGateway}", Eventually.Patience);

    /// <summary>The pod's packets leave by the NIC of its own node and of no other.</summary>
    public Task LeavesFromItsNodeAsync(string pod, string eip) => LeavesFromAsync(pod, eip, fixture.NodeOf(pod));

    /// <summary>The pod's packets leave by the NIC of the gateway node, which is not its own, and of no other.</summary>
    public async Task LeavesFromGatewayAsync(string pod, string eip)
    {
        var gateway = await fixture.GatewayOfAsync("one-external204");
        gateway.ShouldNotBe(fixture.NodeOf(pod));
        await LeavesFromAsync(pod, eip, gateway);
    }

    /// <summary>A pod answers for the address of a Vip, as keepalived would make it, until the result is disposed.</summary>
    public async Task<VipHolder> HoldAsync(string pod, string vip) =>
        await VipHolder.TakeAsync(fixture.Lab, pod, IPAddress.Parse(await fixture.JsonPathAsync($"vip/{vip}", "{.status.v4ip}")));

    public async Task StatusIsAsync(string item, string path, string expected)
    {
        var last = "";
        await Eventually.HoldsAsync(async () => (last = await fixture.JsonPathAsync(item, path)) == expected, () => $"{item} {path} is '{last}' and not '{expected}'");
    }

    private async Task LeavesFromAsync(string pod, string eip, string node)
    {
        var address = await fixture.EipAsync(eip);
        var host = Outside.AddressFor(address);
        await _outside.PingsAsync(pod, host);
        var captures = await Task.WhenAll(fixture.Lab.Nodes.Select(async item =>
            (item.Name, Capture: await PacketCapture.StartAsync(item.Namespace, LabNode.TrunkInterface, $"vlan and icmp and src host {address}"))));
        try
        {
            await fixture.Lab.Exec(pod, "ping", "-c3", "-i0.1", "-W1", $"{host}").RunAsync();
        }
        finally
        {
            var seen = await Task.WhenAll(captures.Select(async item => (item.Name, Packets: await item.Capture.StopAsync())));
            seen.Where(item => item.Packets.Count > 0).Select(item => item.Name).ShouldBe([node]);
        }
    }
}
