using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Agent.Ovs;
using Sluice.Agent.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab.Processes;

namespace Sluice.Agent.Tests.Attachments;

/// <summary>Pods plugged in and out by the CNI plugin, on a real Open vSwitch.</summary>
[Collection(ClusterCollection.Name)]
public sealed class AttachmentTests(ClusterFixture cluster) : IAsyncLifetime
{
    private AttachmentFixture _fixture = null!;
    private OvnControllerStandIn _controller = null!;

    private TestNode Node => _fixture.Node;

    public async Task InitializeAsync()
    {
        _fixture = await AttachmentFixture.CreateAsync(cluster);
        _controller = new OvnControllerStandIn(Node.Ovs);
    }

    public async Task DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_pod_is_plugged_in_as_its_annotations_say()
    {
        var pod = await _fixture.CreatePodAsync(2);
        var (exitCode, output) = await pod.AddAsync();
        exitCode.ShouldBe(0, output + Node.Log);

        var hostMac = JsonNode.Parse(await Node.Host.IpAsync($"-j link show {pod.HostLink}"))![0]!["address"]!.GetValue<string>();
        output.ShouldBe(
            $$"""
            {"cniVersion":"1.1.0","interfaces":[{"name":"{{pod.HostLink}}","mac":"{{hostMac}}","mtu":1400},{"name":"eth0","mac":"00:00:00:0a:dd:02","mtu":1400,"sandbox":"{{pod.NetNs}}"}],
            "ips":[{"interface":1,"address":"192.168.0.2/24","gateway":"192.168.0.1"},{"interface":1,"address":"fd00::2/64","gateway":"fd00::1"}],
            "routes":[{"dst":"0.0.0.0/0","gw":"192.168.0.1"},{"dst":"::/0","gw":"fd00::1"}],"dns":{} }
            """.ReplaceLineEndings("").Replace("{} }", "{}}"));
        (await pod.Sandbox.IpAsync("-br link show lo")).ShouldContain("LOOPBACK,UP");
        var link = await pod.Sandbox.IpAsync("-d link show eth0");
        link.ShouldContain("mtu 1400");
        link.ShouldContain("link/ether 00:00:00:0a:dd:02");
        (await pod.Sandbox.IpAsync("-br addr show eth0")).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)[2..].ShouldBe(
            ["192.168.0.2/24", "fd00::2/64", "fe80::200:ff:fe0a:dd02/64"], ignoreOrder: true);
        (await pod.Sandbox.IpAsync("route show default")).ShouldStartWith("default via 192.168.0.1 dev eth0");
        (await pod.Sandbox.IpAsync("-6 route show default")).ShouldStartWith("default via fd00::1 dev eth0");
        (await pod.Sandbox.RunAsync("ethtool", "-k", "eth0")).ShouldContain("tx-checksumming: off");
        (await pod.Sandbox.RunAsync("ping", "-c1", "-W1", "192.168.0.1")).ShouldContain("1 received");
        (await pod.Sandbox.RunAsync("ping", "-c1", "-W1", "fd00::1")).ShouldContain("1 received");
    }

    [Fact]
    public async Task A_further_NIC_is_refused_at_once()
    {
        var pod = await _fixture.CreatePodAsync(2, new() { ["net1.vpc1.ovn.kubernetes.io/logical_switch"] = "net1" });
        var started = Stopwatch.GetTimestamp();
        var (exitCode, output) = await pod.RunAsync("ADD", ("provider", "net1.vpc1.ovn"));
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10), "there is nothing to wait for");
        exitCode.ShouldNotBe(0);
        output.ShouldContain("provider \\u0022net1.vpc1.ovn\\u0022 is not served: a pod has one NIC, of provider \\u0022ovn\\u0022");
    }

    [Fact]
    public async Task The_port_carries_what_ovn_controller_and_tools_look_for()
    {
        var pod = await _fixture.CreatePodAsync(2);
        (await pod.AddAsync()).ExitCode.ShouldBe(0, Node.Log);

        var name = _fixture.PodName(2);
        Node.Ovs.Current.Interface(pod.HostLink)!.Value.ExternalIds.ShouldBe(OvsOperations.Map(
            ("vendor", "kube-ovn"), ("iface-id", $"{name}.default"), ("pod_name", name), ("pod_namespace", "default"), ("pod_netns", pod.NetNs),
            ("ip", "192.168.0.2,fd00::2"), ("container_id", pod.ContainerId), ("container_ifname", "eth0"), ("cni_network", TestPod.Network),
            ("ovn-installed", "true")));
        (await Node.VsctlAsync("port-to-br", pod.HostLink)).Trim().ShouldBe("br-int");

        // The host's own stack must keep silent on the host's end.
        var hostEnd = await Node.Host.IpAsync($"addr show {pod.HostLink}");
        hostEnd.ShouldContain("NOARP");
        hostEnd.ShouldNotContain("inet");
    }

    [Fact]
    public async Task Adding_again_gives_the_same_and_changes_nothing()
    {
        var pod = await _fixture.CreatePodAsync(2);
        var first = await pod.AddAsync();
        var (version, host, sandbox) = (Node.Ovs.Current.Replica.Version, await Node.Host.IpAsync("-d addr"), await AddressesAsync());

        (await pod.AddAsync()).ShouldBe(first);
        Node.Ovs.Current.Replica.Version.ShouldBe(version);
        (await Node.Host.IpAsync("-d addr")).ShouldBe(host);
        (await AddressesAsync()).ShouldBe(sandbox);

        // The kernel looks for another holder of the link-local address for a while.
        async Task<string> AddressesAsync() => (await pod.Sandbox.IpAsync("-d addr")).Replace(" tentative", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_is_plugged_out_as_often_as_asked()
    {
        var pod = await _fixture.CreatePodAsync(2);
        (await pod.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        (await pod.DelAsync()).ShouldBe((0, ""));
        await ShouldBeGoneAsync(pod);
        (await pod.Sandbox.IpAsync("-br link")).ShouldNotContain("eth0");
        (await pod.DelAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public async Task A_pod_whose_namespace_and_object_are_gone_is_plugged_out_too()
    {
        var pod = await _fixture.CreatePodAsync(2);
        (await pod.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        await pod.Sandbox.DisposeAsync();
        await _fixture.DeletePodAsync(_fixture.PodName(2));
        (await pod.DelAsync()).ShouldBe((0, ""));
        await ShouldBeGoneAsync(pod);
    }

    [Fact]
    public async Task Adding_waits_for_the_controller()
    {
        var pod = await _fixture.CreatePodAsync(2, []);
        var adding = pod.AddAsync();
        await _fixture.AnnotateAsync(2, new Dictionary<string, string> { ["ovn.kubernetes.io/allocated"] = "true", ["ovn.kubernetes.io/ip_address"] = "192.168.0.2" });
        Node.Ovs.Current.Interface(pod.HostLink).ShouldBeNull();
        await _fixture.AnnotateAsync(2, _fixture.Annotations(2));
        (await adding).ExitCode.ShouldBe(0, Node.Log);
    }

    [Fact]
    public async Task An_ipv4_pod_has_no_ipv6()
    {
        var annotations = _fixture.Annotations(2);
        annotations["ovn.kubernetes.io/ip_address"] = "192.168.0.2";
        annotations["ovn.kubernetes.io/cidr"] = "192.168.0.0/24";
        annotations["ovn.kubernetes.io/gateway"] = "192.168.0.1";
        annotations["ovn.kubernetes.io/routes"] = """[{"dst":"10.8.0.0/16","gw":"192.168.0.9"},{"dst":"10.9.9.9"}]""";
        var pod = await _fixture.CreatePodAsync(2, annotations, hasIpv6: false);
        (await pod.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        (await pod.Sandbox.IpAsync("-6 addr show eth0")).ShouldBeEmpty();
        (await pod.Sandbox.IpAsync("route")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "default via 192.168.0.1 dev eth0 proto static",
            "10.8.0.0/16 via 192.168.0.9 dev eth0 proto static",
            "10.9.9.9 via 192.168.0.1 dev eth0 proto static",
            "192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.2",
        ]);
    }

    [Fact]
    public async Task A_new_sandbox_of_a_pod_takes_the_port_from_the_old_one()
    {
        var old = await _fixture.CreatePodAsync(2);
        (await old.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        var young = await _fixture.CreateSandboxAsync(2);
        (await young.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        Node.Ovs.Current.InterfacesOfPort($"{_fixture.PodName(2)}.default").Select(port => port.Name).ShouldBe([young.HostLink]);

        // The runtime takes the old one down late: the new one must not suffer.
        (await old.DelAsync()).ShouldBe((0, ""));
        (await young.Sandbox.RunAsync("ping", "-c1", "-W1", "192.168.0.1")).ShouldContain("1 received");
    }

    [Theory]
    [InlineData("ovn.kubernetes.io/ip_address", "192.168.0.3,fd00::3", "192.168.0.2,fd00::2")]
    [InlineData("ovn.kubernetes.io/ip_address", "192.168.0.2", "192.168.0.2,fd00::2")]
    [InlineData("ovn.kubernetes.io/mac_address", "00:00:00:0a:dd:99", "00:00:00:0a:dd:02")]
    [InlineData("ovn.kubernetes.io/logical_switch", "join", null)]
    public async Task Annotations_that_the_record_contradicts_are_refused(string annotation, string value, string? recorded)
    {
        var annotations = _fixture.Annotations(2);
        annotations[annotation] = value;
        var pod = await _fixture.CreatePodAsync(2, annotations);
        var name = _fixture.PodName(2);
        var problem = $"annotation {annotation} says \"{value}\", and IP {name}.default \"{recorded ?? _fixture.Subnet}\"";
        Failure(await pod.AddAsync()).ShouldBe((11, $"pod default/{name}: {problem}"));
        (await pod.Sandbox.IpAsync("-br link")).ShouldNotContain("eth0");
        await ShouldBeGoneAsync(pod);
        await Eventually.Succeeds(async () => (await cluster.Admin.ListAsync(CoreResources.Events, new ListOptions { Namespace = "default" })).Items
            .Where(entry => entry.InvolvedObject.Name == name).Select(entry => $"{entry.Reason}: {entry.Message}")
            .ShouldContain($"ValidatePodNetworkFailed: is not plugged in: {problem}"));

        // The controller corrects them.
        await _fixture.AnnotateAsync(2, _fixture.Annotations(2));
        await Eventually.Succeeds(async () => (await pod.AddAsync()).ExitCode.ShouldBe(0, Node.Log));
    }

    [Fact]
    public async Task Annotations_without_a_record_are_refused()
    {
        var pod = await _fixture.CreatePodAsync(2);
        await _fixture.DeleteRecordAsync(2);
        Failure(await pod.AddAsync()).Details.ShouldBe(
            $"pod default/{_fixture.PodName(2)}: there is no IP {_fixture.PodName(2)}.default, so that nobody knows whether its annotations are true");
        await ShouldBeGoneAsync(pod);
    }

    [Fact]
    public async Task A_record_that_changes_before_the_port_is_installed_is_seen()
    {
        // As when a pod has its annotations changed, once the agent has read them, so that the controller makes another port.
        await _controller.DisposeAsync();
        var pod = await _fixture.CreatePodAsync(2);
        var adding = pod.AddAsync();
        await Eventually.Succeeds(() => Node.Ovs.Current.Interface(pod.HostLink).ShouldNotBeNull(Node.Log));
        await cluster.KubectlAsync("patch", "ip", $"{_fixture.PodName(2)}.default", "--type=merge", "-p", """{"spec":{"v4IpAddress":"192.168.0.99"}}""");
        _controller = new OvnControllerStandIn(Node.Ovs);

        Failure(await adding).Details.ShouldContain("ip_address says \"192.168.0.2,fd00::2\", and IP ");
        await ShouldBeGoneAsync(pod);
    }

    [Fact]
    public async Task Check_tells_what_is_no_longer_as_it_was_made()
    {
        var pod = await _fixture.CreatePodAsync(2);
        var (_, added) = await pod.AddAsync();
        (await pod.CheckAsync(added)).ShouldBe((0, ""));

        await pod.Sandbox.IpAsync("route del default");
        Failure(await pod.CheckAsync(added)).ShouldBe((100, "interface eth0 has no route to 0.0.0.0/0"));
        await pod.Sandbox.IpAsync("route add default via 192.168.0.1");
        await pod.Sandbox.IpAsync("addr del fd00::2/64 dev eth0");
        Failure(await pod.CheckAsync(added)).ShouldBe((100, "interface eth0 has no address fd00::2/64"));
        await Node.VsctlAsync("del-port", pod.HostLink);
        await Eventually.Succeeds(async () =>
            Failure(await pod.CheckAsync(added)).ShouldBe((3, $"container {pod.ContainerId} has no port in OVS for eth0")));
    }

    [Fact]
    public async Task Garbage_is_what_the_runtime_does_not_list()
    {
        var kept = await _fixture.CreatePodAsync(2);
        var lost = await _fixture.CreatePodAsync(3);
        (await kept.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        (await lost.AddAsync()).ExitCode.ShouldBe(0, Node.Log);

        (await kept.RunAsync("GC", ("name", "other-net"), ("cni.dev/valid-attachments", new JsonArray()))).ShouldBe((0, ""));
        Node.Ovs.Current.Interface(lost.HostLink).ShouldNotBeNull();
        var valid = new JsonArray(new JsonObject { ["containerID"] = kept.ContainerId, ["ifname"] = "eth0" });
        (await kept.RunAsync("GC", ("cni.dev/valid-attachments", valid))).ShouldBe((0, ""));
        await ShouldBeGoneAsync(lost);
        Node.Ovs.Current.Interface(kept.HostLink).ShouldNotBeNull();
    }

    [Fact]
    public async Task Status_is_good_when_pods_can_be_plugged_in()
    {
        var pod = await _fixture.CreatePodAsync(2);
        await Eventually.Succeeds(async () => (await pod.RunAsync("STATUS")).ShouldBe((0, "")));
        await Node.VsctlAsync("del-br", "br-int");
        await Eventually.Succeeds(async () => Failure(await pod.RunAsync("STATUS")).ShouldBe((50, "there is no bridge br-int")));
    }

    [Theory]
    [InlineData("ovn.kubernetes.io/mac_address", "00:11", "annotation ovn.kubernetes.io/mac_address of pod default/POD is malformed: 00:11")]
    [InlineData("ovn.kubernetes.io/ip_address", "10.0.0.300", "annotation ovn.kubernetes.io/ip_address of pod default/POD is malformed: 10.0.0.300")]
    [InlineData("ovn.kubernetes.io/cidr", "fd00::/64", "annotation ovn.kubernetes.io/cidr of pod default/POD is malformed: fd00::/64")]
    [InlineData("ovn.kubernetes.io/routes", "{}", "annotation ovn.kubernetes.io/routes of pod default/POD is malformed: {}")]
    public async Task Annotations_that_make_no_sense_are_refused(string annotation, string value, string message)
    {
        var annotations = _fixture.Annotations(2);
        annotations[annotation] = value;
        var pod = await _fixture.CreatePodAsync(2, annotations);
        Failure(await pod.AddAsync()).ShouldBe((7, message.Replace("POD", _fixture.PodName(2))));
        await ShouldBeGoneAsync(pod);
    }

    [Fact]
    public async Task An_interface_of_the_same_name_is_refused_and_left_alone()
    {
        var pod = await _fixture.CreatePodAsync(2);
        await pod.Sandbox.IpAsync("link add eth0 type veth peer name other");
        Failure(await pod.AddAsync()).ShouldBe((4, $"there is an interface eth0 in {pod.NetNs} already"));
        (await pod.Sandbox.IpAsync("-br link")).ShouldContain("eth0");
        await ShouldBeGoneAsync(pod);
    }

    [Fact]
    public async Task An_address_that_somebody_has_in_the_physical_network_is_refused()
    {
        var annotations = _fixture.Annotations(2);
        annotations["ovn.kubernetes.io/provider_network"] = "physical";
        var pod = await _fixture.CreatePodAsync(2, annotations);
        await Node.VsctlAsync(
            "--no-wait", "add-port", "br-int", $"patch-localnet.{_fixture.Subnet}-to-br-int", "--",
            "set", "Interface", $"patch-localnet.{_fixture.Subnet}-to-br-int", "type=patch", "options:peer=nobody");
        await _fixture.Gateway.IpAsync("addr add 192.168.0.2/24 dev eth0");
        var (code, details) = Failure(await pod.AddAsync());
        code.ShouldBe(11);
        details.ShouldStartWith($"address 192.168.0.2 of subnet {_fixture.Subnet} is in use by ");
        await ShouldBeGoneAsync(pod);

        await _fixture.Gateway.IpAsync("addr del 192.168.0.2/24 dev eth0");
        (await pod.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
    }

    [Fact]
    public async Task Only_root_is_served()
    {
        const string Connect = "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die; print $s \"GET /api/v1/status HTTP/1.0\\r\\n\\r\\n\"; $s->flush; print <$s>;";
        await Eventually.Succeeds(async () => (await new Command("perl", "-e", Connect, Node.CniSocket).RunAsync()).ShouldStartWith("HTTP/1.1 204"));

        // Even where the file's mode would let others in.
        (await new Command("stat", "-c", "%a", Node.CniSocket).RunAsync()).Trim().ShouldBe("600");
        await new Command("chmod", "666", Node.CniSocket).RunAsync();
        var stranger = await new Command("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "perl", "-e", Connect, Node.CniSocket).TryAsync();
        (stranger.ExitCode, stranger.Output).ShouldBe((0, ""), stranger.Error);
        Node.Log.ShouldContain("Refused a connection to the CNI socket from somebody who is not root");
    }

    private static (int Code, string Details) Failure((int ExitCode, string Output) result)
    {
        result.ExitCode.ShouldBe(1);
        using var error = JsonDocument.Parse(result.Output);
        return (error.RootElement.GetProperty("code").GetInt32(), error.RootElement.GetProperty("details").GetString()!);
    }

    private async Task ShouldBeGoneAsync(TestPod pod)
    {
        await Eventually.Succeeds(() => Node.Ovs.Current.Interface(pod.HostLink).ShouldBeNull());
        (await Node.Host.IpAsync("-br link")).ShouldNotContain(pod.HostLink);
    }
}
