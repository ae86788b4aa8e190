using System.Text.Json.Nodes;
using Sluice.Lab.Demo;
using Sluice.Lab.Tests.Gateways;
using Sluice.Lab.Tests.Rules;
using Sluice.Lab.Tests.Traffic;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Edits;

/// <summary>
/// Operators slip while a packet goes every 10 ms by each kind of rule. Nobody reviews what they write, the controller dies while the slip
/// stands, and it is mended: no packet is lost, and every address and row is what it was.
/// </summary>
[Collection(FormsLabCollection.Name)]
public sealed class EditTests(FormsLab fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly LabCluster _lab = fixture.Lab;

    public async Task InitializeAsync()
    {
        await fixture.BringGatewayHomeAsync();
        await fixture.ApplyReadyAsync(
            Manifests.Eip("snat", "externalSubnet: external204") + Manifests.Of("OvnSnatRule", "snat", "ovnEip: snat, vpcSubnet: net1")
            + Manifests.Eip("dnat", "externalSubnet: external204")
            + Manifests.Of("OvnDnatRule", "dnat", $"""ovnEip: dnat, ipName: web.one, protocol: udp, externalPort: "53", internalPort: "{Outside.Port}" """)
            + Manifests.Eip("central", "externalSubnet: external204") + Manifests.Of("OvnFip", "central", "ovnEip: central, ipName: web.one, type: centralized")
            + Manifests.Eip("spread", "externalSubnet: external204") + Manifests.Of("OvnFip", "spread", "ovnEip: spread, ipName: db.one, type: distributed"));
    }

    public async Task DisposeAsync()
    {
        await fixture.ClearAsync();
        await fixture.BringGatewayHomeAsync();
    }

    [Theory]
    [InlineData("subnet/external204", """{"excludeIps":["10.5.204.1..10.5.204.100","10.5.204.240-10.5.204.250"]}""")]
    [InlineData("subnet/external204", """{"cidrBlock":"10.5.204.128/25"}""")]
    [InlineData("subnet/external204", """{"gateway":"10.5.204.101"}""")]
    [InlineData("subnet/net1", """{"mtu":60}""")]
    [InlineData("vpc/one", """{"enableExternal":false}""")]
    public Task A_spec_that_cannot_come_into_force(string item, string spec) => HoldsAsync(
        $"{item} {spec}",
        () => PatchAsync(item, spec),
        () => RefusedAsync(item),
        written => PatchAsync(item, written),
        () => fixture.WaitReadyAsync(item),
        item,
        spec);

    [Fact]
    public Task A_namespace_that_leaves_its_Vpc() => HoldsAsync(
        "vpc/one without its namespace",
        () => PatchAsync("vpc/one", """{"namespaces":[]}"""),
        () => RefusedAsync("subnet/net1"),
        _ => PatchAsync("vpc/one", """{"namespaces":["one"]}"""),
        () => ValidatedAsync("subnet/net1"));

    [Theory]
    [InlineData("10.16.3.3", "subnet/ovn-default")]
    [InlineData("100.64.0.77", "subnet/join")]
    public Task A_node_with_an_address_of_an_overlay(string address, string subnet) => HoldsAsync(
        $"node with address {address}",
        () => fixture.ApplyAsync(
            $"---\n{{apiVersion: v1, kind: Node, metadata: {{name: pc-node-9}}, status: {{addresses: [{{type: InternalIP, address: {address}}}]}}}}\n"),
        () => RefusedAsync(subnet),
        async _ => await _lab.Kubectl("delete", "node", "pc-node-9").RunAsync(),
        () => ValidatedAsync(subnet));

    /// <summary>
    /// An edit that cuts something off does so each time, and loses hundreds of packets. A machine that stalls for a moment loses one or two,
    /// on all streams at once, now and then: then it is told, and done again.
    /// </summary>
    private async Task HoldsAsync(
        string edit, Func<Task> slip, Func<Task> told, Func<string, Task> mend, Func<Task> mended, string? item = null, string? spec = null)
    {
        const int Attempts = 3, Stall = 20;
        for (var attempt = 1; ; attempt++)
        {
            var losses = await TryAsync(edit, slip, told, mend, mended, item, spec);
            foreach (var (name, loss) in losses)
                output.WriteLine($"figure: wrong edit of {edit}: {name}: {loss}");
            foreach (var (name, loss) in losses)
                loss.Lost.ShouldBeLessThan(attempt < Attempts ? Stall : 1, name);
            if (losses.Values.All(loss => loss.Lost == 0))
                return;
        }
    }

    private async Task<IReadOnlyDictionary<string, Loss>> TryAsync(
        string edit, Func<Task> slip, Func<Task> told, Func<string, Task> mend, Func<Task> mended, string? item, string? spec)
    {
        var written = item is null ? "" : await WrittenAsync(item, spec!);
        var before = await RunningAsync();
        await using var streams = await Streams.StartAsync(
            _lab, await fixture.EipAsync("central"), await fixture.EipAsync("dnat"), await fixture.EipAsync("spread"));

        await slip();
        await told();
        await streams.AnswersAsync(50);
        await _lab.Controller.KillAsync();
        await _lab.Controller.StartAsync();
        await fixture.SettleAsync();
        await streams.AnswersAsync(50);
        (await RunningAsync()).ShouldBe(before, edit);
        await mend(written);
        await mended();
        await fixture.SettleAsync();
        await streams.AnswersAsync(50);

        (await RunningAsync()).ShouldBe(before, $"{edit}, mended");
        return await streams.StopAsync();
    }

    /// <summary>What the fields of an edit are now, as a merge patch.</summary>
    private async Task<string> WrittenAsync(string item, string spec)
    {
        var now = JsonNode.Parse(await fixture.JsonPathAsync(item, "{.spec}"))!.AsObject();
        var patch = new JsonObject();
        foreach (var (field, _) in JsonNode.Parse(spec)!.AsObject())
            patch[field] = now[field]?.DeepClone();
        return patch.ToJsonString();
    }

    private Task PatchAsync(string item, string spec) => _lab.Kubectl("patch", item, "--type=merge", "-p", $$"""{"spec":{{spec}}}""").RunAsync();

    private Task RefusedAsync(string item) => _lab.Kubectl("wait", "--for=condition=Validated=False", "--timeout=60s", item).RunAsync();

    private Task ValidatedAsync(string item) => _lab.Kubectl("wait", "--for=condition=Validated", "--timeout=60s", item).RunAsync();

    /// <summary>
    /// Router ports, routes, translations and load balancers with their UUIDs, and the addresses of OvnEips. Which gateway is
    /// preferred follows where the port is, which a machine that stalls may change.
    /// </summary>
    private async Task<string> RunningAsync() => string.Join('\n',
        await Task.WhenAll([
            .. new[] { "Logical_Router_Port", "Logical_Router_Static_Route", "NAT", "Load_Balancer" }
                .Select(async table => string.Join('\n', (await _lab.Nbctl("--format=csv", "--no-headings", "list", table).RunAsync())
                    .Split('\n').Where(line => !line.Contains("pc-node-9", StringComparison.Ordinal)).Order(StringComparer.Ordinal))),
            _lab.Kubectl("get", "oeip", "-o", "custom-columns=N:.metadata.name,A:.status.v4Ip,M:.status.macAddress,R:.status.ready").RunAsync(),
        ]));
}
