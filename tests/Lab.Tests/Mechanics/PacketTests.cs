using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Mechanics;

/// <summary>The lab's own promise, before any code of ours: rows that are written by hand carry packets.</summary>
[Collection(BareLabCollection.Name)]
public sealed class PacketTests(BareLab fixture) : IAsyncLifetime
{
    private readonly LabCluster _lab = fixture.Lab;

    public async Task InitializeAsync()
    {
        await CreatePodAsync("web", "pc-node-3", "192.168.0.2", "00:00:00:00:01:02");
        const string rows =
            """
            lr-add vpc1 -- ls-add subnet1 -- ls-add external204
            -- lrp-add vpc1 vpc1-subnet1 00:00:00:00:01:01 192.168.0.1/24
            -- lsp-add subnet1 subnet1-vpc1 -- lsp-set-type subnet1-vpc1 router -- lsp-set-addresses subnet1-vpc1 router
            -- lsp-set-options subnet1-vpc1 router-port=vpc1-subnet1
            -- lsp-add external204 localnet -- lsp-set-type localnet localnet -- lsp-set-addresses localnet unknown
            -- lsp-set-options localnet network_name=external204 -- set Logical_Switch_Port localnet tag=204
            -- lrp-add vpc1 vpc1-external204 00:00:00:00:02:01 10.5.204.105/24
            -- lsp-add external204 external204-vpc1 -- lsp-set-type external204-vpc1 router -- lsp-set-addresses external204-vpc1 router
            -- lsp-set-options external204-vpc1 router-port=vpc1-external204 nat-addresses=router
            -- lr-route-add vpc1 0.0.0.0/0 10.5.204.254 -- lr-nat-add vpc1 snat 10.5.204.115 192.168.0.0/24
            -- lsp-add subnet1 web -- lsp-set-addresses web
            """;
        await _lab.Nbctl([.. rows.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), "00:00:00:00:01:02 192.168.0.2"]).RunAsync();

        // Node 1 is the gateway, so a packet of the pod on node 3 crosses a tunnel, and leaves by node 1's trunk.
        var chassis = (await _lab.Sbctl("--bare", "--columns=name", "find", "Chassis", "hostname=pc-node-1").RunAsync()).Trim();
        await _lab.Nbctl("lrp-set-gateway-chassis", "vpc1-external204", chassis).RunAsync();
        await _lab.Node("pc-node-1").Ovs.Vsctl(
            "add-br", "br-external204", "--", "set", "bridge", "br-external204", "datapath_type=netdev", "--",
            "add-port", "br-external204", "vlan", "--",
            "set", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings=external204:br-external204").RunAsync();
        await _lab.Nbctl("--wait=hv", "--timeout=30", "sync").RunAsync();
    }

    public async Task DisposeAsync()
    {
        await _lab.Nbctl("--if-exists", "lr-del", "vpc1", "--", "ls-del", "subnet1", "--", "ls-del", "external204").RunAsync();
        await _lab.Node("pc-node-1").Ovs.Vsctl("del-br", "br-external204").RunAsync();
        await _lab.Node("pc-node-3").Ovs.Vsctl("del-port", "web").RunAsync();
        await NetworkNamespaces.DeleteAsync(_lab.Layout.NamespaceOf("web"));
    }

    [Fact]
    public async Task A_pod_reaches_the_Internet_and_its_address_is_translated()
    {
        await using var capture = await PacketCapture.StartAsync(_lab.Layout.NamespaceOf("inet"), "eth0", "icmp[icmptype] == icmp-echo");
        await Eventually.SucceedsAsync(_lab.Exec("web", "ping", "-c1", "-W1", "223.5.5.5"));

        (await capture.WaitForAsync(line => line.StartsWith("IP", StringComparison.Ordinal))).ShouldStartWith("IP 10.5.204.115 > 223.5.5.5: ICMP echo request");
    }

    [Fact]
    public async Task TCP_passes_the_tunnel_with_full_packets()
    {
        const int bytes = 3_000_000;
        await Eventually.SucceedsAsync(_lab.Exec("web", "ping", "-c1", "-W1", "223.5.5.5"));
        await using var server = RunningCommand.Start(_lab.Exec("inet", "socat", "-d", "-d", "TCP-LISTEN:5000,reuseaddr", "SYSTEM:wc -c"));
        await server.WaitForLineAsync(line => line.Contains("listening on", StringComparison.Ordinal));

        var answer = await _lab.Exec("web", "sh", "-c", $"head -c {bytes} /dev/zero | socat -t 10 - TCP:223.5.5.5:5000,connect-timeout=5").RunAsync();

        answer.Trim().ShouldBe($"{bytes}");
    }

    private async Task CreatePodAsync(string name, string node, string address, string mac)
    {
        var pod = _lab.Layout.NamespaceOf(name);
        await NetworkNamespaces.CreateAsync(pod);
        await Link.ConnectAsync(pod, "eth0", _lab.Layout.NamespaceOf(node), name);
        await new Command("ip", "-n", pod, "link", "set", "eth0", "address", mac, "mtu", "1400").RunAsync();
        await Link.AddAddressesAsync(pod, "eth0", [InterfaceAddress.Parse($"{address}/24")]);
        await Link.AddDefaultRoutesAsync(pod, [InterfaceAddress.Parse("192.168.0.1/24")]);
        await Link.DisableChecksumOffloadAsync(pod, "eth0");
        await _lab.Node(node).Ovs.Vsctl("add-port", "br-int", name, "--", "set", "Interface", name, $"external_ids:iface-id={name}").RunAsync();
    }
}
