using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Seed;

/// <summary>What the seed's page shows, after all its manifests were applied as they are.</summary>
[Collection(SeedLabCollection.Name)]
public sealed class WalkthroughTests(SeedLab fixture, ITestOutputHelper output)
{
    private static readonly string[] Nodes = ["pc-node-1", "pc-node-2", "pc-node-3"];

    private readonly LabCluster _lab = fixture.Lab;

    [Fact]
    public void Every_claim_of_the_walkthrough_holds()
    {
        output.WriteLine(fixture.Show);

        fixture.Proofs.Where(proof => !proof.Held).ShouldBeEmpty();
        fixture.Proofs.Select(proof => proof.Section).Distinct().ShouldBe(["1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "+"]);
    }

    [Fact]
    public async Task Names_in_the_northbound_database_are_those_that_tools_expect()
    {
        (await fixture.NamesAsync("Logical_Router")).ShouldBe(["ovn-cluster", "vpc1"]);
        (await fixture.NamesAsync("Logical_Switch")).ShouldBe(["external204", "join", "ovn-default", "vpc1-subnet1"]);
        (await fixture.NamesAsync("Logical_Router_Port")).ShouldBe(
            ["ovn-cluster-external204", "ovn-cluster-join", "ovn-cluster-ovn-default", "vpc1-external204", "vpc1-vpc1-subnet1"]);
        (await fixture.NamesAsync("Logical_Switch_Port")).ShouldBe(new[]
        {
            "external204-ovn-cluster", "external204-vpc1", "join-ovn-cluster", "localnet.external204", "node-pc-node-1", "node-pc-node-2", "node-pc-node-3", "ovn-default-ovn-cluster",
            "vpc-1-busybox01.vpc1", "vpc-1-busybox02.vpc1", "vpc-1-busybox03.vpc1", "vpc-1-busybox04.vpc1", "vpc-1-busybox05.vpc1", "vpc1-subnet1-vpc1", "web.default",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task Bridges_on_the_nodes_are_those_that_tools_expect()
    {
        foreach (var node in _lab.Nodes)
        {
            (await node.Ovs.Vsctl("list-ports", "br-external204").RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .ShouldBe(["patch-localnet.external204-to-br-int", "vlan"], ignoreOrder: true);
            (await node.Ovs.Vsctl("get", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings").RunAsync()).Trim().Trim('"').ShouldBe("external204:br-external204");
            (await fixture.JsonPathAsync($"node/{node.Name}", "{.metadata.labels.external204\\.provider-network\\.kubernetes\\.io/ready}")).ShouldBe("true");
        }
    }

    [Fact]
    public async Task The_only_route_of_the_router_is_the_one_it_maintains() =>
        string.Join('\n', (await _lab.Nbctl("lr-route-list", "vpc1").RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))))
            .ShouldBe("IPv4 Routes\nRoute Table <main>:\n0.0.0.0/0 10.5.204.254 dst-ip");

    [Fact]
    public async Task The_router_s_gateways_are_all_labelled_nodes()
    {
        const string Port = "vpc1-external204";
        var chassis = (await _lab.Nbctl("lrp-get-gateway-chassis", Port).RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0][(Port.Length + 1)..]);
        var names = await Task.WhenAll(chassis.Select(async id => (await _lab.Sbctl("--bare", "--columns=hostname", "find", "Chassis", $"name={id}").RunAsync()).Trim()));

        names.ShouldBe(Nodes, ignoreOrder: true);
    }

    [Theory]
    [InlineData("oeip", "NAME V4IP V6IP MAC TYPE READY")]
    [InlineData("ofip", "NAME VPC V4EIP V4IP READY IPTYPE IPNAME")]
    [InlineData("odnat", "NAME EIP PROTOCOL V4EIP V4IP INTERNALPORT EXTERNALPORT IPNAME READY")]
    [InlineData("vip", "NAME V4IP PV4IP MAC PMAC V6IP PV6IP SUBNET READY")]
    [InlineData("ip", "NAME V4IP V6IP MAC NODE SUBNET")]
    public async Task Tables_have_the_columns_of_the_page(string kind, string header) =>
        string.Join(' ', (await fixture.TableAsync(kind))[0]).ShouldBe(header);

    [Fact]
    public async Task Tables_show_what_the_page_shows()
    {
        var eips = (await fixture.TableAsync("oeip")).Skip(1).ToDictionary(row => row[0]);
        eips.ToDictionary(eip => eip.Key, eip => $"{eip.Value[4]} {eip.Value[5]}").ShouldBe(new Dictionary<string, string>
        {
            ["eip-dnat"] = "dnat true",
            ["eip-for-vip"] = "fip true",
            ["eip-static"] = "fip true",
            ["ovn-cluster-external204"] = "lrp true",
            ["snat-for-pod-vpc-ip"] = "snat true",
            ["snat-for-subnet-in-vpc"] = "snat true",
            ["vpc1-external204"] = "lrp true",
        }, ignoreOrder: true);
        eips.Values.Select(row => row[1]).ShouldBeUnique();

        (await fixture.TableAsync("ofip"))[1..].Select(row => string.Join(' ', row)).ShouldBe(
        [
            $"eip-for-vip vpc1 {eips["eip-for-vip"][1]} 192.168.0.3 true vip test-fip-vip",
            $"eip-static vpc1 {eips["eip-static"][1]} 192.168.0.2 true  vpc-1-busybox01.vpc1",
        ]);
        (await fixture.TableAsync("odnat"))[1..].Select(row => string.Join(' ', row)).ShouldBe(
            [$"eip-dnat eip-dnat tcp {eips["eip-dnat"][1]} 192.168.0.8 22 22 test-dnat-vip true"]);
        (await fixture.TableAsync("ip", "-o", "custom-columns=NAME:.metadata.name,IP:.spec.v4IpAddress,NODE:.spec.nodeName,SUBNET:.spec.subnet"))[1..]
            .Where(row => row[3] == "vpc1-subnet1").Select(row => string.Join(' ', row)).ShouldBe(
        [
            "vpc-1-busybox01.vpc1 192.168.0.2 pc-node-2 vpc1-subnet1",
            "vpc-1-busybox02.vpc1 192.168.0.4 pc-node-1 vpc1-subnet1",
            "vpc-1-busybox03.vpc1 192.168.0.5 pc-node-1 vpc1-subnet1",
            "vpc-1-busybox04.vpc1 192.168.0.6 pc-node-3 vpc1-subnet1",
            "vpc-1-busybox05.vpc1 192.168.0.7 pc-node-1 vpc1-subnet1",
        ]);
    }

    [Fact]
    public async Task The_router_translates_what_the_rules_say_and_nothing_else()
    {
        var eips = (await fixture.TableAsync("oeip")).Skip(1).ToDictionary(row => row[0], row => row[1]);
        var rows = await _lab.Nbctl("--format=csv", "--no-headings", "--data=bare", "--columns=type,external_ip,logical_ip", "list", "NAT").RunAsync();

        rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            $"dnat_and_snat,10.5.204.120,{(await fixture.TableAsync("ip")).Single(row => row[0] == "web.default")[1]}",
            $"dnat_and_snat,{eips["eip-static"]},192.168.0.2",
            $"dnat_and_snat,{eips["eip-for-vip"]},192.168.0.3",
            $"snat,{eips["snat-for-subnet-in-vpc"]},192.168.0.0/24",
            $"snat,{eips["snat-for-pod-vpc-ip"]},192.168.0.4",
        ], ignoreOrder: true);
        (await _lab.Nbctl("--format=csv", "--no-headings", "--data=bare", "--columns=vips,protocol", "list", "Load_Balancer").RunAsync()).Trim()
            .ShouldBe($"{eips["eip-dnat"]}:22=192.168.0.8:22,tcp");
    }
}
