using System.Net.Sockets;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.DualStack;

/// <summary>Every kind of rule translates both address families, and IPv6 where there is nothing else.</summary>
[Collection(DualStackLabCollection.Name)]
public sealed class DualStackTests(DualStackLab fixture) : IAsyncLifetime
{
    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    private readonly Outside _outside = fixture.Outside;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await fixture.Lab.Kubectl("delete", "ovn-dnat-rules,ovn-fips,ovn-snat-rules", "--all", "--timeout=60s").RunAsync();
        await fixture.Lab.Kubectl("delete", "--ignore-not-found", "--timeout=60s", "oeip/eip").RunAsync();
    }

    [Fact]
    public async Task SNAT_of_a_subnet_shows_the_EIP()
    {
        await fixture.ApplyReadyAsync(Manifests.Eip("eip", "externalSubnet: external204") + Manifests.Of("OvnSnatRule", "rule", "ovnEip: eip, vpcSubnet: both-net"));

        foreach (var family in Families)
        {
            var eip = await fixture.EipAsync("eip", family);
            await _outside.SeesAsync(DualStackLab.Web, eip);
            await _outside.SeesAsync(DualStackLab.Database, eip);
        }
        await StatusIsAsync("osnat", "both", "192.168.0.0/24", "fd00:192:168::/64", "{.status.v4IpCidr} {.status.v6IpCidr}");
    }

    [Theory]
    [InlineData("distributed")]
    [InlineData("centralized")]
    public async Task FIP_of_a_pod_works_both_ways(string type)
    {
        await fixture.ApplyReadyAsync(
            Manifests.Eip("eip", "externalSubnet: external204") + Manifests.Of("OvnFip", "rule", $"ovnEip: eip, ipName: web.both, type: {type}"));

        foreach (var family in Families)
        {
            var eip = await fixture.EipAsync("eip", family);
            await _outside.ReachesAsync(eip, DualStackLab.Web);
            await _outside.SeesAsync(DualStackLab.Web, eip);
        }
        await StatusIsAsync("ofip", "both", AddressOf(DualStackLab.Web, 0), AddressOf(DualStackLab.Web, 1), "{.status.v4Ip} {.status.v6Ip}");
    }

    [Fact]
    public async Task DNAT_forwards_ports()
    {
        const string target = "ovnEip: eip, ipName: db.both";
        await fixture.ApplyReadyAsync(
            Manifests.Eip("eip", "externalSubnet: external204")
            + Manifests.Of("OvnDnatRule", "rule", $"""{target}, protocol: tcp, externalPort: "80", internalPort: "{Outside.Port}" """)
            + Manifests.Of("OvnDnatRule", "udp", $"""{target}, protocol: udp, externalPort: "53", internalPort: "{Outside.Port}" """));

        foreach (var family in Families)
        {
            var eip = await fixture.EipAsync("eip", family);
            await _outside.ReachesAsync(Transport.Tcp, eip, 80, DualStackLab.Database);
            await _outside.ReachesAsync(Transport.Udp, eip, 53, DualStackLab.Database);
        }
        await StatusIsAsync("odnat", "both", AddressOf(DualStackLab.Database, 0), AddressOf(DualStackLab.Database, 1), "{.status.v4Ip} {.status.v6Ip}");
    }

    [Fact]
    public async Task A_subnet_of_IPv6_alone_takes_that_half_of_an_EIP()
    {
        await fixture.ApplyReadyAsync(
            Manifests.Eip("eip", "externalSubnet: external204")
            + Manifests.Of("OvnSnatRule", "rule", "ovnEip: eip, vpcSubnet: six-net")
            + Manifests.Of("OvnDnatRule", "rule", $"""ovnEip: eip, ipName: web.six, protocol: tcp, externalPort: "80", internalPort: "{Outside.Port}" """));
        var eip = await fixture.EipAsync("eip", AddressFamily.InterNetworkV6);

        await _outside.SeesAsync(DualStackLab.Six, eip);
        await _outside.ReachesAsync(Transport.Tcp, eip, 80, DualStackLab.Six);
        (await NatAsync()).ShouldBe([$"snat,{eip},fd00:192:6::/64"]);
    }

    [Fact]
    public async Task An_EIP_of_IPv6_alone_works_for_SNAT_and_FIP()
    {
        await fixture.ApplyReadyAsync(Manifests.Eip("eip", "externalSubnet: external206") + Manifests.Of("OvnSnatRule", "rule", "ovnEip: eip, vpcSubnet: wide-net"));
        var eip = await fixture.EipAsync("eip", AddressFamily.InterNetworkV6);

        await _outside.SeesAsync(DualStackLab.Wide, eip);
        (await NatAsync()).ShouldBe([$"snat,{eip},fd00:192:7::/64"]);

        await fixture.ApplyReadyAsync(Manifests.Of("OvnFip", "rule", "ovnEip: eip, ipName: web.wide"));
        await _outside.ReachesAsync(eip, DualStackLab.Wide);
        (await NatAsync()).ShouldBe([$"dnat_and_snat,{eip},{AddressOf(DualStackLab.Wide, 0)}", $"snat,{eip},fd00:192:7::/64"]);
    }

    [Fact]
    public async Task Routers_have_a_default_route_per_family()
    {
        var routes = await fixture.Lab.Nbctl("--format=csv", "--no-headings", "--data=bare", "--columns=ip_prefix,nexthop,policy", "list", "Logical_Router_Static_Route").RunAsync();

        routes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(route => !route.Contains("100.64", StringComparison.Ordinal) && !route.Contains("fd00:100:64", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ShouldBe(
        [
            "0.0.0.0/0,10.5.204.254,dst-ip", "0.0.0.0/0,10.5.204.254,dst-ip", "0.0.0.0/0,10.5.204.254,dst-ip",
            "::/0,fd00:5:204::fe,dst-ip", "::/0,fd00:5:204::fe,dst-ip", "::/0,fd00:5:204::fe,dst-ip",
            "fd00:192:7::/64,fd00:5:206::fe,src-ip",
        ]);
    }

    private string AddressOf(string pod, int index) => fixture.Lab.SandboxOf(pod)!.Addresses[index];

    /// <summary>The rule's status and labels tell both addresses of both sides.</summary>
    private async Task StatusIsAsync(string kind, string vpc, string v4, string v6, string path)
    {
        var (eip4, eip6) = (await fixture.EipAsync("eip"), await fixture.EipAsync("eip", AddressFamily.InterNetworkV6));
        (await fixture.JsonPathAsync($"{kind}/rule", $"{{.status.vpc}} {{.status.v4Eip}} {{.status.v6Eip}} {path}")).ShouldBe($"{vpc} {eip4} {eip6} {v4} {v6}");
        (await fixture.JsonPathAsync($"{kind}/rule", @"{.metadata.labels.ovn\.kubernetes\.io/eip_v4_ip} {.metadata.labels.ovn\.kubernetes\.io/eip_v6_ip}"))
            .ShouldBe($"{eip4} {eip6.ToString().Replace(':', '-')}");
    }

    private async Task<IEnumerable<string>> NatAsync() =>
        (await fixture.Lab.Nbctl("--format=csv", "--no-headings", "--data=bare", "--columns=type,external_ip,logical_ip", "list", "NAT").RunAsync())
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
}
