using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Behaviour;

/// <summary>Everything of the seed's page, created and deleted in any order, leaves the cluster as it was.</summary>
public sealed class DeletionTests(DeletionTests.EmptyLab fixture) : IClassFixture<DeletionTests.EmptyLab>
{
    private const string NicAddress = "172.16.7.1/24";
    private const string NicRoute = "172.16.8.0/24";

    private static readonly string[] Objects =
    [
        "provider-network/external204", "vlan/vlan204", "subnet/external204", "namespace/vpc1", "vpc/vpc1", "subnet/vpc1-subnet1",
        "oeip/eip-static", "ofip/eip-static", "vip/test-fip-vip", "oeip/eip-for-vip", "ofip/eip-for-vip",
        "oeip/snat-for-subnet-in-vpc", "osnat/snat-for-subnet-in-vpc", "oeip/snat-for-pod-vpc-ip", "osnat/snat01", "oeip/eip-dnat", "odnat/eip-dnat",
    ];

    private readonly LabCluster _lab = fixture.Lab;

    public sealed class EmptyLab() : FullLab(new LabOptions())
    {
        /// <summary>What every cluster has is there before anything is compared with it.</summary>
        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await RestAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Leaves_nothing(int seed)
    {
        var random = new Random(seed);
        var node = _lab.Nodes[0];
        await new Command("ip", "-n", node.Namespace, "addr", "replace", NicAddress, "dev", "vlan").RunAsync();
        await new Command("ip", "-n", node.Namespace, "route", "replace", NicRoute, "via", "172.16.7.254", "dev", "vlan").RunAsync();
        var before = await StateAsync();

        await CreateAsync(random);
        (await NicAsync("br-external204")).ShouldContain(NicAddress);
        (await NicAsync("br-external204")).ShouldContain(NicRoute);

        var order = Objects.ToArray();
        random.Shuffle(order);
        foreach (var item in order)
            await _lab.Kubectl("delete", item, "--wait=false").RunAsync();

        var now = "";
        await Eventually.HoldsAsync(async () => (now = await StateAsync()) == before, () => $"deleted in the order {string.Join(", ", order)}: is\n{now}\nand was\n{before}");
    }

    [Fact]
    public async Task Gives_addresses_back()
    {
        await fixture.ApplySeedAsync("1.1-underlay-network");
        await fixture.WaitReadyAsync("subnet/external204");
        await fixture.ApplyAsync(string.Concat(Enumerable.Range(1, 5).Select(index => Manifests.Eip($"eip{index}", "externalSubnet: external204"))));
        await fixture.WaitReadyAsync([.. Enumerable.Range(1, 5).Select(index => $"oeip/eip{index}")]);
        await UsesAsync("5");

        await _lab.Kubectl("delete", "oeip", "--all", "--timeout=60s").RunAsync();

        await UsesAsync("0");
        await _lab.Kubectl("delete", "subnet/external204", "vlan/vlan204", "provider-network/external204", "--timeout=60s").RunAsync();
    }

    /// <summary>
    /// All manifests, in an order of chance. Only pods come last: one that is created before its namespace belongs to a VPC is
    /// given an address of the default one.
    /// </summary>
    private async Task CreateAsync(Random random)
    {
        await fixture.ApplySeedAsync("1.3-custom-vpc/00-ns.yml");
        string[] paths =
        [
            "1.1-underlay-network/01-provider-network.yaml", "1.1-underlay-network/02-vlan.yaml", "1.1-underlay-network/03-vlan-subnet.yaml",
            "1.3-custom-vpc/01-vpc-ecmp-enable-external-bfd.yml", "1.3-custom-vpc/02-subnet.yml",
            "2.1-fip-for-pod", "2.2-fip-for-vip", "3.1-snat-for-subnet", "3.2-snat-for-pod",
        ];
        random.Shuffle(paths);
        foreach (var path in paths)
            await fixture.ApplySeedAsync(path);
        await fixture.WaitReadyAsync("subnet/vpc1-subnet1");
        await fixture.ApplySeedAsync("pods/vpc-1-busybox01.yaml", "pods/vpc-1-busybox02.yaml");
        var dnat = await File.ReadAllTextAsync(ProjectFiles.Manifests("examples", "seed", "4.1-dnat-for-pod", "dnat.yaml"));
        await fixture.ApplyAsync(dnat.Replace("externalSubnet: underlay", "externalSubnet: external204", StringComparison.Ordinal));
        await fixture.WaitReadyAsync([.. Objects.Where(item => item != "namespace/vpc1" && !item.StartsWith("vlan/", StringComparison.Ordinal))]);
    }

    private Task UsesAsync(string expected)
    {
        var last = "";
        return Eventually.HoldsAsync(
            async () => (last = await fixture.JsonPathAsync("subnet/external204", "{.status.v4usingIPs}")) == expected,
            () => $"subnet external204 uses {last} addresses and not {expected}");
    }

    /// <summary>Everything that must be as it was: our objects, the northbound rows, the node's NIC and bridges.</summary>
    private async Task<string> StateAsync()
    {
        var objects = await _lab.Kubectl("get", $"{string.Join(',', FullLab.Kinds)},namespaces", "-o", "name").RunAsync();
        var pods = await _lab.Kubectl("get", "pods", "--all-namespaces", "-o", "name").RunAsync();
        string[] tables = ["Logical_Router", "Logical_Switch", "Logical_Router_Port", "Logical_Switch_Port", "Load_Balancer"];
        var names = await Task.WhenAll(tables.Select(async table => $"{table}: {string.Join(' ', await fixture.NamesAsync(table))}\n"));
        var others = await _lab.Nbctl("--format=csv", "--data=bare", "--columns=_uuid", "list", "NAT").RunAsync()
            + await _lab.Nbctl("--format=csv", "--data=bare", "--columns=_uuid", "list", "Gateway_Chassis").RunAsync();
        var bridges = await Task.WhenAll(_lab.Nodes.Select(node => node.Ovs.Vsctl("list-br").RunAsync()));
        var mappings = await Task.WhenAll(_lab.Nodes.Select(node => node.Ovs.Vsctl("--if-exists", "get", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings").RunAsync()));
        return string.Concat([objects, pods, .. names, others, .. bridges, .. mappings, await NicAsync("vlan")]);
    }

    /// <summary>Addresses and routes of an interface of the first node.</summary>
    private async Task<string> NicAsync(string name)
    {
        var addresses = await new Command("ip", "-n", _lab.Nodes[0].Namespace, "-br", "-4", "addr", "show", "dev", name).RunAsync();
        var routes = await new Command("ip", "-n", _lab.Nodes[0].Namespace, "route", "show", "dev", name).RunAsync();
        return string.Join(' ', (addresses + routes).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).Replace("UNKNOWN", "UP", StringComparison.Ordinal);
    }
}
