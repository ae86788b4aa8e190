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
