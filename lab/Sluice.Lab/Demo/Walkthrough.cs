using System.Diagnostics;
using Sluice.Lab.Network;
using Sluice.Lab.Nodes;

namespace Sluice.Lab.Demo;

/// <summary>
/// Kube-OVN's page on OVN EIP, FIP, SNAT and DNAT, top to bottom: its manifests, its commands, and packets that prove
/// what it says.
/// </summary>
internal sealed class Walkthrough(LabCluster lab, Stage stage)
{
    private const string Pod01 = "vpc1/vpc-1-busybox01", Pod02 = "vpc1/vpc-1-busybox02", Pod03 = "vpc1/vpc-1-busybox03";
    private const string Pod04 = "vpc1/vpc-1-busybox04", Pod05 = "vpc1/vpc-1-busybox05";
    private const string Outside = LabLayout.Internet;
    private const int Ssh = 22;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Probe _probe = new(lab);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await stage.SectionAsync("1.1", "Create the underlay public network", () => UnderlayAsync(cancellation));
        await stage.SectionAsync("1.2", "Default vpc enable eip_snat", () => DefaultVpcAsync(cancellation));
        await stage.SectionAsync("1.3", "Custom vpc enable eip snat fip function", () => VpcAsync(cancellation));
        await stage.SectionAsync("2.", "ovn-eip", () => EipAsync(cancellation));
        await stage.SectionAsync("2.1", "Create an fip for pod", () => FipForPodAsync(cancellation));
        await stage.SectionAsync("2.2", "Create an fip for vip", () => FipForVipAsync(cancellation));
        await stage.SectionAsync("3.1", "ovn-snat corresponds to the CIDR of a subnet", () => SnatForSubnetAsync(cancellation));
        await stage.SectionAsync("3.2", "ovn-snat corresponds to a pod IP", () => SnatForPodAsync(cancellation));
        await stage.SectionAsync("4.1", "ovn-dnat binds a DNAT to a pod", () => DnatForPodAsync(cancellation));
        await stage.SectionAsync("4.2", "ovn-dnat binds a DNAT to a VIP", () => DnatForVipAsync(cancellation));
        await stage.SectionAsync("+", "beyond the page: a gateway node dies", () => GatewayDiesAsync(cancellation));
    }

    private async Task UnderlayAsync(CancellationToken cancellation)
    {
        stage.Say("The lab started the controller with --external-gateway-switch=external204 --external-gateway-vlanid=204.");
        await ApplyAsync("1.1-underlay-network", cancellation);
        await WaitAsync(cancellation, "provider-network/external204", "subnet/external204");
        await KubectlAsync("get provider-networks,vlans", cancellation);
        await KubectlAsync("get subnet external204", cancellation);
        await stage.ProveAsync("every node bridges its NIC 'vlan' to the provider network", async () =>
        {
            foreach (var node in lab.Nodes)
                await node.Ovs.Vsctl("port-to-br", "vlan").ExpectAsync("br-external204", cancellation);
            return $"br-external204 on {string.Join(", ", lab.Nodes.Select(node => node.Name))}";
        });
    }

    private async Task DefaultVpcAsync(CancellationToken cancellation)
    {
        await ApplyAsync("1.2-default-vpc", cancellation);
        await WaitAsync(cancellation, "vpc/ovn-cluster", "oeip/ovn-cluster-external204");
        await KubectlAsync("get oeip ovn-cluster-external204", cancellation);
        var router = await NbctlAsync("show ovn-cluster", cancellation);
        await stage.ProveAsync("the default VPC has a port in the public network, its address acquired by itself", async () =>
            Expect(router, "port ovn-cluster-external204", $"networks: [\"{await EipAddressAsync("ovn-cluster-external204", cancellation)}/24\"]", "gateway chassis: ["));
        stage.Say("A pod of the default VPC asks for its public address with an annotation.");
        await stage.RunAsync("kubectl apply -f - <<< 'a pod with ovn.kubernetes.io/eip: 10.5.204.120'", lab.Kubectl("apply", "-f", "-") with { Input = AnnotatedPod }, cancellation);
        await stage.RunAsync("kubectl wait --for=condition=Ready pod/web", lab.Kubectl("wait", "--for=condition=Ready", "--timeout=30s", "pod/web"), cancellation);
        await stage.ProveAsync("the pod reaches the Internet with that address", () => _probe.PingIsSeenOutsideAsync("default/web", "10.5.204.120", cancellation));
    }

    private const string AnnotatedPod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: default
          annotations:
            ovn.kubernetes.io/eip: 10.5.204.120
        spec:
          nodeName: pc-node-2
          containers: [{name: web, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, infinity]}]
        """;

    /// <summary>Kills what makes a node a gateway, under a ping every 10 ms, and starts it again.</summary>
    private async Task GatewayDiesAsync(CancellationToken cancellation)
    {
        const string Port = "vpc1-external204";
        var active = await ActiveGatewayAsync(Port, cancellation) ?? throw new LabException($"{Port} is on no node");
        var pod = new[] { Pod03, Pod04 }.First(pod => lab.SandboxOf(pod)!.Node != active.Name);
        stage.Say($"{active.Name} carries the public traffic of vpc1; {pod} on {lab.SandboxOf(pod)!.Node} pings the Internet every 10 ms.");
        await stage.ProveAsync($"when {active.Name} dies another node takes over", async () =>
        {
            await using var pings = await PingStream.StartAsync(lab, pod, LabAddresses.InternetHost[0].Address);
            await pings.AnswersAsync(50);
            await Task.WhenAll(active.OvnController.KillAsync(cancellation), active.Ovs.Switch.KillAsync(cancellation));
            while (await ActiveGatewayAsync(Port, cancellation) is not { } other || other == active)
                await pings.AnswersAsync(1);
            await pings.AnswersAsync(100);
            return $"{(await pings.StopAsync()).Lost} packets lost";
        });
        await stage.ProveAsync($"when {active.Name} comes back it stands by, and nothing moves", async () =>
        {
            var standIn = await ActiveGatewayAsync(Port, cancellation);
            await using var pings = await PingStream.StartAsync(lab, pod, LabAddresses.InternetHost[0].Address);
            await Task.WhenAll(active.Ovs.Switch.StartAsync(cancellation), active.OvnController.StartAsync(cancellation));
            await pings.AnswersAsync(300);
            if (await ActiveGatewayAsync(Port, cancellation) != standIn)
                throw new LabException($"{Port} has left {standIn?.Name}");
            return $"{(await pings.StopAsync()).Lost} packets lost";
        });
    }

    /// <summary>The node that the southbound database has bound the router's port to; null while the port moves.</summary>
    private async Task<LabNode?> ActiveGatewayAsync(string port, CancellationToken cancellation)
    {
        var chassis = (await lab.Sbctl("--bare", "--columns=chassis", "find", "Port_Binding", $"logical_port=cr-{port}").RunAsync(cancellation)).Trim();
        var name = chassis.Length == 0 ? "" : (await lab.Sbctl("--bare", "--columns=hostname", "--if-exists", "list", "Chassis", chassis).RunAsync(cancellation)).Trim();
        return name.Length == 0 ? null : lab.Node(name);
    }

    private async Task VpcAsync(CancellationToken cancellation)
    {
        stage.Say("Nodes with this label carry the VPC's traffic to the public network.");
        await KubectlAsync("get nodes -L ovn.kubernetes.io/external-gw", cancellation);
        await ApplyAsync("1.3-custom-vpc", cancellation);
        await WaitAsync(cancellation, "vpc/vpc1", "subnet/vpc1-subnet1", "oeip/vpc1-external204");
        await KubectlAsync("get vpc vpc1", cancellation);
        var router = await NbctlAsync("show vpc1", cancellation);
        var routes = await NbctlAsync("lr-route-list vpc1", cancellation);
        await stage.ProveAsync("the router has a port in the subnet and one in the public network, on three gateways", () => Task.FromResult(
            Expect(router, "port vpc1-vpc1-subnet1", "port vpc1-external204", "networks: [\"192.168.0.1/24\"]", "gateway chassis: [")));
        await stage.ProveAsync("the default route is maintained by itself", () => Task.FromResult(Expect(routes, "0.0.0.0/0", "10.5.204.254", "dst-ip")));
    }

    private async Task EipAsync(CancellationToken cancellation)
    {
        await ApplyAsync("2-eip", cancellation);
        await WaitAsync(cancellation, "oeip/eip-static");
        await KubectlAsync("get oeip", cancellation);
    }

    private async Task FipForPodAsync(CancellationToken cancellation)
    {
        await ApplyPodsAsync(cancellation, Pod01);
        await KubectlAsync("get po -o wide -n vpc1 vpc-1-busybox01", cancellation);
        await KubectlAsync("get ip vpc-1-busybox01.vpc1", cancellation);
        await ApplyAsync("2.1-fip-for-pod", cancellation);
        await WaitAsync(cancellation, "ofip/eip-static");
        await KubectlAsync("get ofip eip-static", cancellation);
        var eip = await EipAddressAsync("eip-static", cancellation);
        await PingAsync("pc-node-1", eip, cancellation);
        await stage.ProveAsync("an outsider reaches the pod by its floating IP",
            () => _probe.PingIsSeenInPodAsync("pc-node-1", eip, Pod01, $"{NodeAddress} > {_probe.AddressOf(Pod01)}", cancellation));
        await stage.ProveAsync("the pod reaches the Internet with its floating IP", () => _probe.PingIsSeenOutsideAsync(Pod01, eip, cancellation));
        await NbctlAsync("show vpc1", cancellation);
    }

    private async Task FipForVipAsync(CancellationToken cancellation)
    {
        await ApplyAsync("2.2-fip-for-vip/vip.yaml", cancellation);
        await WaitAsync(cancellation, "vip/test-fip-vip");
        await ApplyPodsAsync(cancellation, Pod02, Pod03, Pod04, Pod05);
        await ApplyAsync("2.2-fip-for-vip/04-fip.yaml", cancellation);
        await WaitAsync(cancellation, "ofip/eip-for-vip");
        await KubectlAsync("get vip test-fip-vip", cancellation);
        await KubectlAsync("get ofip", cancellation);
        var vip = await VipAddressAsync("test-fip-vip", cancellation);
        await AddAddressAsync(Pod03, vip, cancellation);
        var eip = await EipAddressAsync("eip-for-vip", cancellation);
        await PingAsync("pc-node-1", eip, cancellation);
        await stage.ProveAsync("an outsider reaches the VIP, at the pod that holds it",
            () => _probe.PingIsSeenInPodAsync("pc-node-1", eip, Pod03, $"{NodeAddress} > {vip}", cancellation));
    }

    private async Task SnatForSubnetAsync(CancellationToken cancellation)
    {
        await ApplyAsync("3.1-snat-for-subnet", cancellation);
        await WaitAsync(cancellation, "osnat/snat-for-subnet-in-vpc");
        await KubectlAsync("get osnat", cancellation);
        var eip = await EipAddressAsync("snat-for-subnet-in-vpc", cancellation);
        await PingAsync(Pod04, Probe.InternetAddress, cancellation);
        await stage.ProveAsync("a pod of the subnet reaches the Internet with the subnet's EIP", () => _probe.PingIsSeenOutsideAsync(Pod04, eip, cancellation));
    }

    private async Task SnatForPodAsync(CancellationToken cancellation)
    {
        await ApplyAsync("3.2-snat-for-pod", cancellation);
        await WaitAsync(cancellation, "osnat/snat01");
        await KubectlAsync("get osnat", cancellation);
        await NbctlAsync("show vpc1", cancellation);
        await KubectlAsync("get po -n vpc1 -o wide", cancellation);
        var eip = await EipAddressAsync("snat-for-pod-vpc-ip", cancellation);
        await PingAsync(Pod02, Probe.InternetAddress, cancellation);
        await stage.ProveAsync("one pod of it reaches the Internet with an EIP of its own", () => _probe.PingIsSeenOutsideAsync(Pod02, eip, cancellation));
        await stage.ProveAsync("another keeps the subnet's", async () =>
            await _probe.PingIsSeenOutsideAsync(Pod04, await EipAddressAsync("snat-for-subnet-in-vpc", cancellation), cancellation));
    }

    private async Task DnatForPodAsync(CancellationToken cancellation)
    {
        stage.Say("The page takes this address from a subnet 'underlay' that it does not define; here the field externalSubnet says external204.");
        var manifest = (await File.ReadAllTextAsync(PathOf("4.1-dnat-for-pod/dnat.yaml"), cancellation))
            .Replace("externalSubnet: underlay", $"externalSubnet: {LabOptions.ExternalSwitch}", StringComparison.Ordinal);
        await stage.RunAsync("sed 's/externalSubnet: underlay/externalSubnet: external204/' deploy/examples/seed/4.1-dnat-for-pod/dnat.yaml | kubectl apply -f -",
            lab.Kubectl("apply", "-f", "-") with { Input = manifest }, cancellation);
        await WaitAsync(cancellation, "odnat/eip-dnat");
        await KubectlAsync("get oeip eip-dnat", cancellation);
        await KubectlAsync("get odnat", cancellation);
        await ProveConnectionAsync("an outsider opens a TCP connection to the pod by the EIP", Pod01, cancellation);
    }

    private async Task DnatForVipAsync(CancellationToken cancellation)
    {
        await ApplyAsync("4.2-dnat-for-vip/vip.yaml", cancellation);
        await WaitAsync(cancellation, "vip/test-dnat-vip");
        var vip = await VipAddressAsync("test-dnat-vip", cancellation);
        await AddAddressAsync(Pod05, vip, cancellation);
        await ApplyAsync("4.2-dnat-for-vip/dnat.yaml", cancellation);
        await FollowsAsync("odnat/eip-dnat", "{.status.v4Ip}", vip, cancellation);
        await KubectlAsync("get vip test-dnat-vip", cancellation);
        await KubectlAsync("get oeip eip-dnat", cancellation);
        await KubectlAsync("get odnat eip-dnat", cancellation);
        await ProveConnectionAsync("the same EIP and port now lead to the pod that holds the VIP", Pod05, cancellation);
    }

    private string NodeAddress => lab.Nodes[0].Addresses[0].Address.ToString();

    private async Task ProveConnectionAsync(string claim, string pod, CancellationToken cancellation)
    {
        var eip = await EipAddressAsync("eip-dnat", cancellation);
        await stage.ProveAsync(claim, async () =>
        {
            await using var server = await _probe.ListenAsync(pod, Ssh, cancellation);
            return await _probe.ConnectAsync(Outside, eip, Ssh, $"{pod} sees {Probe.InternetAddress}", cancellation);
        });
    }

    private Task ApplyAsync(string path, CancellationToken cancellation) =>
        stage.RunAsync($"kubectl apply -f deploy/examples/seed/{path}", lab.Kubectl("apply", "-f", PathOf(path)), cancellation);

    private async Task ApplyPodsAsync(CancellationToken cancellation, params string[] pods)
    {
        foreach (var name in pods.Select(pod => pod.Split('/')[1]))
        {
            await ApplyAsync($"pods/{name}.yaml", cancellation);
            await stage.RunAsync($"kubectl wait --for=condition=Ready -n vpc1 pod/{name}",
                lab.Kubectl("wait", "--for=condition=Ready", "--timeout=30s", "-n", "vpc1", $"pod/{name}"), cancellation);
        }
    }

    private async Task WaitAsync(CancellationToken cancellation, params string[] objects)
    {
        foreach (var name in objects)
            await stage.RunAsync($"kubectl wait --for=condition=Ready {name}", lab.Kubectl("wait", "--for=condition=Ready", "--timeout=30s", name), cancellation);
    }

    /// <summary>Returns when an object that was ready before shows what it was changed to.</summary>
    private async Task FollowsAsync(string item, string path, string expected, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        string last;
        while ((last = await lab.Kubectl("get", item, "-o", $"jsonpath={path}").RunAsync(cancellation)) != expected)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new LabException($"{item} {path} is still '{last}' and not '{expected}'");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    private Task AddAddressAsync(string pod, string address, CancellationToken cancellation) =>
        stage.RunAsync($"lab exec {pod} -- ip addr add {address}/24 dev eth0", lab.Exec(pod, "ip", "addr", "add", $"{address}/24", "dev", "eth0"), cancellation);

    private async Task PingAsync(string from, string address, CancellationToken cancellation)
    {
        await _probe.WarmUpAsync(from, address, cancellation);
        await stage.RunAsync($"lab exec {from} -- ping -c 3 {address}", lab.Exec(from, "ping", "-c", "3", "-i", "0.2", address), cancellation);
    }

    private Task<string> KubectlAsync(string arguments, CancellationToken cancellation) =>
        stage.RunAsync($"kubectl {arguments}", lab.Kubectl(arguments.Split(' ')), cancellation);

    private Task<string> NbctlAsync(string arguments, CancellationToken cancellation) =>
        stage.RunAsync($"lab nbctl {arguments}", lab.Nbctl(arguments.Split(' ')), cancellation);

    private Task<string> EipAddressAsync(string name, CancellationToken cancellation) =>
        lab.Kubectl("get", "oeip", name, "-o", "jsonpath={.status.v4Ip}").RunAsync(cancellation);

    private Task<string> VipAddressAsync(string name, CancellationToken cancellation) =>
        lab.Kubectl("get", "vip", name, "-o", "jsonpath={.status.v4ip}").RunAsync(cancellation);

    private static string PathOf(string path) => ProjectFiles.Manifests("examples", "seed", path);

    private static string Expect(string text, params string[] parts) => parts.FirstOrDefault(part => !text.Contains(part, StringComparison.Ordinal)) is { } missing
        ? throw new DisproofException($"no '{missing}' in what was printed")
        : string.Join(", ", parts);
}
