using System.Net;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.DefaultVpc;

/// <summary>The default VPC is connected by the page's ConfigMap, and its pods get public addresses by rules and by annotations.</summary>
public sealed class DefaultVpcTests(DefaultVpcTests.DefaultVpcLab fixture) : IClassFixture<DefaultVpcTests.DefaultVpcLab>
{
    private const string Web = "default/web", Database = "default/db";

    private readonly Outside _outside = fixture.Outside;

    public sealed class DefaultVpcLab() : FullLab(new LabOptions())
    {
        private readonly List<Responder> _responders = [];

        internal Outside Outside => new(Lab);

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await ApplySeedAsync("1.1-underlay-network", "1.2-default-vpc");
            await WaitReadyAsync("subnet/external204");
            await Eventually.HoldsAsync(
                async () => await JsonPathAsync("vpc/ovn-cluster", "{.status.enableExternal}") == "true", () => "the default VPC is not connected");
            await ApplyReadyAsync(Manifests.Pod(Web, "pc-node-1") + Manifests.Pod(Database, "pc-node-2"));
            _responders.Add(await Outside.RespondAsync());
            foreach (var pod in new[] { Web, Database })
                _responders.Add(await RespondAsync(pod));
        }

        public override async Task DisposeAsync()
        {
            foreach (var responder in _responders)
                await responder.DisposeAsync();
            await base.DisposeAsync();
        }

        internal Task<Responder> RespondAsync(string pod) => Responder.StartAsync(Lab, pod, Outside.Port, IPAddress.Parse(Lab.SandboxOf(pod)!.Addresses[0]));
    }

    [Fact]
    public async Task Rules_carry_packets()
    {
        await fixture.ApplyReadyAsync(
            Manifests.Eip("fip", "externalSubnet: external204") + Manifests.Of("OvnFip", "fip", "ovnEip: fip, ipName: web.default")
            + Manifests.Eip("dnat", "externalSubnet: external204")
            + Manifests.Of("OvnDnatRule", "dnat", $"""ovnEip: dnat, ipName: db.default, protocol: tcp, externalPort: "80", internalPort: "{Outside.Port}" """)
            + Manifests.Eip("snat", "externalSubnet: external204") + Manifests.Of("OvnSnatRule", "snat", "ovnEip: snat, ipName: db.default"));

        await _outside.ReachesAsync(await fixture.EipAsync("fip"), Web);
        await _outside.SeesAsync(Web, await fixture.EipAsync("fip"));
        await _outside.ReachesAsync(Transport.Tcp, await fixture.EipAsync("dnat"), 80, Database);
        await _outside.SeesAsync(Database, await fixture.EipAsync("snat"));

        await fixture.Lab.Kubectl("delete", "ofip/fip", "odnat/dnat", "osnat/snat", "--timeout=60s").RunAsync();
        await fixture.Lab.Kubectl("delete", "oeip/fip", "oeip/dnat", "oeip/snat", "--timeout=60s").RunAsync();
    }

    /// <summary>Cluster IPs are kube-proxy's on each node, and these link-local addresses those of DNS caches on each node.</summary>
    [Fact]
    public async Task What_only_nodes_answer_is_reached_at_the_node_whatever_leads_all_else_out()
    {
        const string pod = "default/client", name = "client.default";
        IPAddress[] addresses = [IPAddress.Parse("10.96.0.10"), IPAddress.Parse("169.254.20.10"), IPAddress.Parse("169.254.25.10")];
        (string What, string Manifests)[] ways =
        [
            ("a FIP", Manifests.Of("OvnFip", "way", $"ovnEip: way, ipName: {name}")),
            ("SNAT of the pod", Manifests.Of("OvnSnatRule", "way", $"ovnEip: way, ipName: {name}")),
            ("SNAT of its subnet", Manifests.Of("OvnSnatRule", "way", "ovnEip: way, vpcSubnet: ovn-default")),
            ("DNAT", Manifests.Of("OvnDnatRule", "way", $"""ovnEip: way, ipName: {name}, protocol: tcp, externalPort: "80", internalPort: "{Outside.Port}" """)),
        ];
        var responders = new List<Responder>();
        try
        {
            foreach (var node in fixture.Lab.Nodes)
            {
                foreach (var address in addresses)
                    await fixture.Lab.Exec(node.Name, "ip", "address", "add", $"{address}/32", "dev", "lo").RunAsync();
                responders.Add(await Responder.StartAsync(fixture.Lab, node.Name, Outside.Port, addresses));
            }
            await fixture.ApplyReadyAsync(Manifests.Pod(pod, "pc-node-2") + Manifests.Eip("way", "externalSubnet: external204"));
            await ReachesAsync("no rule");
            foreach (var (what, manifests) in ways)
            {
                await fixture.ApplyReadyAsync(manifests);
                // DNAT does not keep the pod from leaving by its node.
                var seen = what == "DNAT" ? fixture.Lab.Node("pc-node-2").Addresses[0].Address : await fixture.EipAsync("way");
                await _outside.SeesAsync(pod, seen);
                await ReachesAsync(what);
                await (fixture.Lab.Kubectl("delete", "--timeout=60s", "-f", "-") with { Input = manifests }).RunAsync();
            }
            foreach (var key in new[] { "eip", "snat" })
            {
                await fixture.Lab.Kubectl("annotate", "-n", "default", "pod/client", $"ovn.kubernetes.io/{key}=10.5.204.212").RunAsync();
                await _outside.SeesAsync(pod, IPAddress.Parse("10.5.204.212"));
                await ReachesAsync($"annotation {key}");
                await fixture.Lab.Kubectl("annotate", "-n", "default", "pod/client", $"ovn.kubernetes.io/{key}-").RunAsync();
            }
        }
        finally
        {
            foreach (var responder in responders)
                await responder.DisposeAsync();
            foreach (var node in fixture.Lab.Nodes)
            {
                foreach (var address in addresses)
                    await fixture.Lab.Exec(node.Name, "ip", "address", "delete", $"{address}/32", "dev", "lo").TryAsync();
            }
        }
        await fixture.Lab.Kubectl("delete", "-n", "default", "pod/client", "oeip/way", "--timeout=60s").RunAsync();

        // The pod's own node answers, and no other.
        async Task ReachesAsync(string with)
        {
            var source = fixture.Lab.SandboxOf(pod)!.Addresses[0];
            foreach (var address in addresses)
            {
                foreach (var transport in Enum.GetValues<Transport>())
                {
                    string? answer = null;
                    await Eventually.HoldsAsync(
                        async () => (answer = await _outside.AskAsync(pod, transport, address, Outside.Port)) is not null,
                        () => $"nobody answers {transport} to {address} with {with}");
                    answer.ShouldBe($"pc-node-2 sees {source}", $"{transport} to {address} with {with}");
                }
            }
        }
    }

    [Fact]
    public async Task A_pod_without_a_public_address_leaves_by_its_node()
    {
        const string plain = "default/plain";
        await fixture.ApplyReadyAsync(Manifests.Pod(plain, "pc-node-3"));

        await _outside.SeesAsync(plain, fixture.Lab.Node("pc-node-3").Addresses[0].Address);

        await fixture.Lab.Kubectl("delete", "-n", "default", "pod/plain", "--timeout=60s").RunAsync();
    }

    [Fact]
    public async Task Annotations_of_pods_do_the_same()
    {
        const string floating = "default/floating", masked = "default/masked";
        await fixture.ApplyReadyAsync(
            Manifests.Pod(floating, "pc-node-2", "ovn.kubernetes.io/eip: 10.5.204.210") + Manifests.Pod(masked, "pc-node-3", "ovn.kubernetes.io/snat: 10.5.204.211"));
        await using (await fixture.RespondAsync(floating))
            await _outside.ReachesAsync(IPAddress.Parse("10.5.204.210"), floating);
        await _outside.SeesAsync(floating, IPAddress.Parse("10.5.204.210"));
        await _outside.SeesAsync(masked, IPAddress.Parse("10.5.204.211"));

        await fixture.Lab.Kubectl("delete", "-n", "default", "pod/floating", "pod/masked", "--timeout=60s").RunAsync();
    }
}
