using System.Net;
using Sluice.Kube;
using Sluice.Lab.Demo;
using Sluice.Lab.Tests.Seed;
using Sluice.Lab.Tests.Traffic;
using Sluice.Tests.Adoption;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Adoption;

/// <summary>Our controller takes a cluster over from Kube-OVN while a packet every 10 ms goes by each kind of rule.</summary>
[Collection(SeedLabCollection.Name)]
public sealed class AdoptionTests(SeedLab fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Rule = "adoption", Target = "vpc1/vpc-1-busybox04";

    private static readonly string[] RootTables = ["Logical_Router", "Logical_Switch", "Load_Balancer", "Port_Group", "BFD"];

    private readonly LabCluster _lab = fixture.Lab;

    /// <summary>The walkthrough forwards TCP only.</summary>
    public Task InitializeAsync() => fixture.ApplyReadyAsync(Manifests.Of(
        "OvnDnatRule", Rule, "ovnEip: eip-dnat, ipName: vpc-1-busybox04.vpc1, protocol: udp, externalPort: '53', internalPort: '8080'"));

    public async Task DisposeAsync()
    {
        await _lab.Controller.StartAsync();
        await _lab.Kubectl("delete", "odnat", Rule, "--timeout=60s").RunAsync();
    }

    [Theory]
    [InlineData(nameof(KubeOvnRelease.V1_12))]
    [InlineData(nameof(KubeOvnRelease.V1_17))]
    public async Task Taking_over_loses_no_packet(string release)
    {
        await fixture.SettleAsync();
        await _lab.Controller.StopAsync();
        await HandOverAsync(Enum.Parse<KubeOvnRelease>(release));
        var before = await RowsAsync();

        await using var responder = await Responder.StartAsync(
            _lab, Target, Outside.Port, IPAddress.Parse(_lab.SandboxOf(Target)!.Addresses[0]));
        // The router outside has to learn their gateway's MAC address first: pings wait for an answer by themselves, datagrams are lost.
        await using (var first = await DatagramStream.StartAsync(_lab, LabLayout.Internet, await fixture.EipAsync("eip-dnat"), 53))
            await first.AnswersAsync(100);
        await using var fip = await PingStream.StartAsync(_lab, LabLayout.Internet, await fixture.EipAsync("eip-static"));
        await using var snat = await PingStream.StartAsync(_lab, "vpc1/vpc-1-busybox03", IPAddress.Parse(Probe.InternetAddress));
        await using var dnat = await DatagramStream.StartAsync(_lab, LabLayout.Internet, await fixture.EipAsync("eip-dnat"), 53);
        await Task.WhenAll(fip.AnswersAsync(100), snat.AnswersAsync(100), dnat.AnswersAsync(100));

        await _lab.Controller.StartAsync();
        await fixture.SettleAsync();
        await Task.WhenAll(fip.AnswersAsync(200), snat.AnswersAsync(200), dnat.AnswersAsync(200));

        var losses = new Dictionary<string, Loss> { ["FIP"] = await fip.StopAsync(), ["SNAT"] = await snat.StopAsync(), ["DNAT"] = await dnat.StopAsync() };
        var after = await RowsAsync();
        output.WriteLine($"figure: adopted from Kube-OVN {release} under traffic: {string.Join(", ", losses.Select(loss => $"{loss.Key} {loss.Value}"))}; "
            + $"{before.Count(after.Contains)} of {before.Count} rows kept");
        // 1.17 has it translated at the pod's node, whatever its type says; it moves to the gateway, as it should have been.
        if (release == nameof(KubeOvnRelease.V1_17))
            losses.Remove("FIP");
        losses.Values.Select(loss => loss.Lost).ShouldAllBe(lost => lost == 0);
    }

    /// <summary>Replaces what our controller wrote by what Kube-OVN would have.</summary>
    private async Task HandOverAsync(KubeOvnRelease release)
    {
        using var kube = new KubeClient(KubeConfig.Load(_lab.ControlPlane.AdminKubeConfig));
        var rows = await new KubeOvnRows(kube, release, sourceRoutes: false).WriteAsync();
        await _lab.Nbctl([.. RootTables.SelectMany((table, number) => (string[])[.. number > 0 ? (string[])["--"] : [], "--all", "destroy", table])]).RunAsync();
        await _lab.Nbctl(rows).RunAsync();
        await _lab.Nbctl("--wait=hv", "--timeout=60", "sync").RunAsync();
        // Their gateway has another MAC address now, which ours must leave it.
        foreach (var pod in (string[])["vpc1/vpc-1-busybox01", "vpc1/vpc-1-busybox03", Target])
            await _lab.Exec(pod, "ip", "neigh", "flush", "all").RunAsync();
    }

    /// <summary>The UUIDs of all rows that a rule depends on.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        var rows = new List<string>();
        foreach (var table in (string[])[.. RootTables, "Logical_Router_Port", "Logical_Switch_Port", "NAT", "Gateway_Chassis", "Logical_Router_Static_Route"])
            rows.AddRange((await _lab.Nbctl("--bare", "--columns=_uuid", "list", table).RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return rows;
    }
}
