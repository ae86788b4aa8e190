using System.Diagnostics;
using System.Net;
using Sluice.Lab.Tests.Traffic;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Rules;

/// <summary>What a rule says anew is what packets do, within a second as a rule: the new way works and the old one ends.</summary>
[Collection(FormsLabCollection.Name)]
public sealed class ChangeTests(FormsLab fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Web = FormsLab.Web, Database = FormsLab.Database;

    // What it takes is printed as a figure; this is for machines that do something else meanwhile.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Outside _outside = fixture.Outside;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => fixture.ClearAsync();

    [Fact]
    public async Task A_FIP_moves_to_another_EIP()
    {
        await fixture.ApplyReadyAsync(Eip("e") + Eip("f") + Manifests.Of("OvnFip", "rule", "ovnEip: e, ipName: web.one"));
        var (before, after) = (await fixture.EipAsync("e"), await fixture.EipAsync("f"));
        await _outside.ReachesAsync(before, Web);

        await fixture.ApplyAsync(Manifests.Of("OvnFip", "rule", "ovnEip: f, ipName: web.one"));

        await FollowsAsync("EIP of a FIP", () => LeadsAsync(Transport.Tcp, after, Outside.Port, Web), () => EndsAsync(Transport.Tcp, before, Outside.Port));
        await _outside.SeesAsync(Web, after, Limit);
    }

    [Theory]
    [InlineData("distributed")]
    [InlineData("centralized")]
    public async Task A_FIP_moves_to_another_pod(string type)
    {
        await fixture.ApplyReadyAsync(Eip("e") + Manifests.Of("OvnFip", "rule", $"ovnEip: e, ipName: web.one, type: {type}"));
        var eip = await fixture.EipAsync("e");
        await _outside.ReachesAsync(eip, Web);

        await fixture.ApplyAsync(Manifests.Of("OvnFip", "rule", $"ovnEip: e, ipName: db.one, type: {type}"));

        // A distributed FIP takes the MAC address of its pod, and ovn-controller announces one a second after it has learnt of it.
        await FollowsAsync($"pod of a {type} FIP", () => LeadsAsync(Transport.Tcp, eip, Outside.Port, Database));
    }

    [Fact]
    public async Task A_SNAT_moves_to_another_EIP()
    {
        await fixture.ApplyReadyAsync(Eip("e") + Eip("f") + Manifests.Of("OvnSnatRule", "rule", "ovnEip: e, vpcSubnet: net1"));
        await _outside.SeesAsync(Web, await fixture.EipAsync("e"));
        var after = await fixture.EipAsync("f");

        await fixture.ApplyAsync(Manifests.Of("OvnSnatRule", "rule", "ovnEip: f, vpcSubnet: net1"));

        var host = Outside.AddressFor(after);
        await FollowsAsync("EIP of a SNAT", () => _outside.AnswersAsync(Web, Transport.Tcp, host, Outside.Port, $"{LabLayout.Internet} sees {after}", Limit));
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Udp)]
    public async Task A_DNAT_moves_to_other_ports_and_pods(Transport transport)
    {
        const int oldPort = 80, newPort = 81, otherPort = 9090;
        await using var other = await Responder.StartAsync(fixture.Lab, Database, otherPort, fixture.AddressOf(Database));
        await fixture.ApplyReadyAsync(Eip("e") + Dnat(transport, "web.one", oldPort, Outside.Port));
        var eip = await fixture.EipAsync("e");
        await _outside.ReachesAsync(transport, eip, oldPort, Web);

        await fixture.ApplyAsync(Dnat(transport, "web.one", newPort, Outside.Port));
        await FollowsAsync("external port of a DNAT", () => LeadsAsync(transport, eip, newPort, Web), () => EndsAsync(transport, eip, oldPort));

        await fixture.ApplyAsync(Dnat(transport, "db.one", newPort, otherPort));
        await FollowsAsync("pod and port of a DNAT", () => LeadsAsync(transport, eip, newPort, Database));
    }

    [Fact]
    public async Task A_pod_that_comes_back_with_another_address_is_followed()
    {
        const string pod = "one/back";
        var node = fixture.NodeOf(Web);
        await fixture.ApplyReadyAsync(Manifests.Pod(pod, node) + Eip("e")
            + Manifests.Of("OvnFip", "rule", "ovnEip: e, ipName: back.one") + Manifests.Of("OvnSnatRule", "rule", "ovnEip: e, ipName: back.one"));
        var before = fixture.AddressOf(pod);
        await fixture.Lab.Kubectl("delete", "-n", "one", "pod/back", "--timeout=30s").RunAsync();

        await fixture.ApplyReadyAsync(Manifests.Pod(pod, node, "ovn.kubernetes.io/ip_address: 192.168.1.77"));

        fixture.AddressOf(pod).ShouldNotBe(before);
        await using var responder = await Responder.StartAsync(fixture.Lab, pod, Outside.Port, fixture.AddressOf(pod));
        var eip = await fixture.EipAsync("e");
        await FollowsAsync("pod that came back", () => LeadsAsync(Transport.Tcp, eip, Outside.Port, pod));
        await fixture.Lab.Kubectl("delete", "-n", "one", "pod/back", "--timeout=30s").RunAsync();
    }

    [Theory]
    [InlineData("OvnFip", "ovnEip: e, ipType: vip, ipName: v")]
    [InlineData("OvnDnatRule", """ovnEip: e, ipType: vip, ipName: v, protocol: tcp, externalPort: "8080", internalPort: "8080" """)]
    public async Task A_VIP_moves_between_pods_and_its_rule_with_it(string kind, string rule)
    {
        await fixture.ApplyReadyAsync(Eip("e") + Manifests.Of("Vip", "v", "subnet: net1") + Manifests.Of(kind, "rule", rule));
        var (eip, proof) = (await fixture.EipAsync("e"), new RuleProof(fixture));
        await using (await proof.HoldAsync(Web, "v"))
            await _outside.ReachesAsync(Transport.Tcp, eip, Outside.Port, Web);

        await using (await proof.HoldAsync(Database, "v"))
            await FollowsAsync($"VIP behind an {kind}", () => LeadsAsync(Transport.Tcp, eip, Outside.Port, Database));

        await using (await proof.HoldAsync(Web, "v"))
            await FollowsAsync($"VIP behind an {kind}, back", () => LeadsAsync(Transport.Tcp, eip, Outside.Port, Web));
    }

    private static string Eip(string name) => Manifests.Eip(name, "externalSubnet: external204");

    private static string Dnat(Transport transport, string ip, int external, int inner) => Manifests.Of(
        "OvnDnatRule", "rule", $"""ovnEip: e, ipName: {ip}, protocol: {(transport == Transport.Tcp ? "tcp" : "udp")}, externalPort: "{external}", internalPort: "{inner}" """);

    private Task LeadsAsync(Transport transport, IPAddress eip, int port, string pod) =>
        _outside.AnswersAsync(LabLayout.Internet, transport, eip, port, $"{pod} sees {Outside.AddressFor(eip)}", Limit);

    private Task EndsAsync(Transport transport, IPAddress eip, int port) => _outside.FallsSilentAsync(LabLayout.Internet, transport, eip, port, Limit);

    private async Task FollowsAsync(string what, params Func<Task>[] claims)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(claims.Select(claim => claim()));
        output.WriteLine($"figure: {what} followed within {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }
}
